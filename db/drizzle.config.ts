/** For `npx drizzle-kit generate --config db/drizzle.config.ts` alone; the program applies the SQL by `migrate.ts`. */
export default { dialect: 'sqlite', schema: './db/schema.ts', out: './db/migrations' }
