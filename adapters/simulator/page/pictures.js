// Photos: from a file made small enough for a chat, or a sample drawn here.

const longest = 1600

/** The picture as JPEG, at most 1600 pixels long; null when the browser cannot open it. */
export async function shrunk(file) {
  try {
    const picture = await createImageBitmap(file)
    const scale = Math.min(1, longest / Math.max(picture.width, picture.height))
    const canvas = blank(Math.round(picture.width * scale), Math.round(picture.height * scale))
    canvas.getContext('2d').drawImage(picture, 0, 0, canvas.width, canvas.height)
    return await asJpeg(canvas)
  } catch {
    return null
  }
}

/** `leak`: a wet ceiling over a sofa; `done`: the same room, repaired. */
export async function samplePhoto(scene) {
  const canvas = blank(720, 540)
  const c = canvas.getContext('2d')
  drawRoom(c)
  if (scene === 'leak') drawLeak(c)
  else drawRepair(c)
  // No two photos are the same file, as with a real camera.
  c.fillStyle = `rgba(0,0,0,${0.004 + Math.random() / 200})`
  c.fillRect(0, 0, 720, 540)
  return asJpeg(canvas)
}

/** A second of silence, in the form each app records: AMR in 企业微信, SILK in 微信. */
export function silentVoice(app) {
  if (app === 'wechat')
    return { name: 'voice.sil', base64: btoa('\u0002#!SILK_V3' + '\u000c\u0000'.repeat(50)) }
  const frame = '\u003c' + '\u0000'.repeat(31)
  return { base64: btoa('#!AMR\n' + frame.repeat(50)) }
}

function drawRoom(c) {
  fill(c, 0, 0, 720, 190, ['#f7f4ee', '#e9e3d8'])
  fill(c, 0, 190, 720, 250, ['#efe7da', '#e2d6c3'])
  fill(c, 0, 440, 720, 100, ['#b98f63', '#9c7449'])
  c.strokeStyle = '#d4c9b6'
  c.lineWidth = 4
  line(c, 0, 190, 720, 190)
  c.fillStyle = '#cfe6f5'
  c.fillRect(70, 235, 130, 120)
  c.strokeStyle = '#fff'
  c.lineWidth = 8
  c.strokeRect(70, 235, 130, 120)
  line(c, 135, 235, 135, 355)
  round(c, 270, 340, 370, 110, 26, '#6f8fa8')
  round(c, 290, 370, 160, 62, 16, '#85a5bd')
  round(c, 460, 370, 160, 62, 16, '#85a5bd')
  round(c, 250, 375, 46, 88, 16, '#5f7e96')
  round(c, 614, 375, 46, 88, 16, '#5f7e96')
}

function drawLeak(c) {
  for (const [x, y, r] of [
    [420, 105, 130],
    [500, 130, 95],
    [345, 125, 80],
  ]) {
    const stain = c.createRadialGradient(x, y, r * 0.15, x, y, r)
    stain.addColorStop(0, 'rgba(133,102,58,.55)')
    stain.addColorStop(0.75, 'rgba(160,128,80,.35)')
    stain.addColorStop(0.92, 'rgba(120,88,44,.45)')
    stain.addColorStop(1, 'rgba(160,128,80,0)')
    c.fillStyle = stain
    c.beginPath()
    c.ellipse(x, y, r, r * 0.5, 0, 0, 7)
    c.fill()
  }
  c.strokeStyle = 'rgba(90,70,40,.7)'
  c.lineWidth = 3
  c.beginPath()
  c.moveTo(330, 90)
  for (const [x, y] of [
    [380, 104],
    [420, 96],
    [470, 118],
    [540, 112],
  ])
    c.lineTo(x, y)
  c.stroke()
  c.fillStyle = 'rgba(86,140,190,.85)'
  for (const [x, y, s] of [
    [418, 215, 9],
    [424, 275, 11],
    [415, 330, 8],
    [486, 240, 8],
    [492, 310, 10],
  ]) {
    c.beginPath()
    c.moveTo(x, y - s * 2)
    c.quadraticCurveTo(x + s * 1.4, y + s * 0.4, x, y + s)
    c.quadraticCurveTo(x - s * 1.4, y + s * 0.4, x, y - s * 2)
    c.fill()
  }
  c.fillStyle = 'rgba(70,105,140,.4)'
  c.beginPath()
  c.ellipse(455, 398, 80, 18, 0, 0, 7)
  c.fill()
}

function drawRepair(c) {
  round(c, 300, 52, 280, 108, 10, '#fffdf8')
  c.strokeStyle = '#e6dfd0'
  c.lineWidth = 2
  c.strokeRect(300, 52, 280, 108)
  c.fillStyle = '#2aa866'
  c.beginPath()
  c.arc(640, 70, 34, 0, 7)
  c.fill()
  c.strokeStyle = '#fff'
  c.lineWidth = 8
  c.beginPath()
  c.moveTo(624, 70)
  c.lineTo(636, 83)
  c.lineTo(658, 58)
  c.stroke()
}

function fill(c, x, y, width, height, [top, bottom]) {
  const shade = c.createLinearGradient(0, y, 0, y + height)
  shade.addColorStop(0, top)
  shade.addColorStop(1, bottom)
  c.fillStyle = shade
  c.fillRect(x, y, width, height)
}

function round(c, x, y, width, height, radius, color) {
  c.fillStyle = color
  c.beginPath()
  c.roundRect(x, y, width, height, radius)
  c.fill()
}

function line(c, x1, y1, x2, y2) {
  c.beginPath()
  c.moveTo(x1, y1)
  c.lineTo(x2, y2)
  c.stroke()
}

const blank = (width, height) => Object.assign(document.createElement('canvas'), { width, height })

const asJpeg = (canvas) => new Promise((resolve) => canvas.toBlob(resolve, 'image/jpeg', 0.86))
