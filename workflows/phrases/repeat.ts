/** Marks a line that perhaps arrived before (design.md, Unknown outcome of a send). */
export const markedRepeat = (text: string): string => `（重发，如已收到请忽略）${text}`
