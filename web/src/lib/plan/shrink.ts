// Brings a picture under a network's size limit before it is sent, keeping what the person sees: first a little compression,
// then smaller steps. Pictures that fit are sent untouched.

export type Fitted = { blob: Blob; before: number; isShrunk: boolean };
export class NotAnImage extends Error {}
export class TooLarge extends Error {}

const QUALITIES = [0.92, 0.86, 0.8];
const SIDES = [4000, 3000, 2400, 2000, 1600, 1280, 1024];

async function decode(file: Blob): Promise<ImageBitmap> {
  try {
    return await createImageBitmap(file, { imageOrientation: 'from-image' });
  } catch {
    throw new NotAnImage();
  }
}

function draw(picture: ImageBitmap, side: number, isOpaque: boolean): HTMLCanvasElement {
  const scale = Math.min(1, side / Math.max(picture.width, picture.height));
  const canvas = document.createElement('canvas');
  canvas.width = Math.max(1, Math.round(picture.width * scale));
  canvas.height = Math.max(1, Math.round(picture.height * scale));
  const context = canvas.getContext('2d')!;
  context.imageSmoothingQuality = 'high';
  if (isOpaque) {
    context.fillStyle = '#fff';
    context.fillRect(0, 0, canvas.width, canvas.height);
  }
  context.drawImage(picture, 0, 0, canvas.width, canvas.height);
  return canvas;
}

const encode = (canvas: HTMLCanvasElement, type: string, quality: number) =>
  new Promise<Blob | null>((resolve) => canvas.toBlob(resolve, type, quality));

/** Whether any pixel is see-through, told from a small copy. */
function isSeeThrough(picture: ImageBitmap): boolean {
  const { width, height } = draw(picture, 64, false);
  const data = draw(picture, 64, false).getContext('2d')!.getImageData(0, 0, width, height).data;
  for (let at = 3; at < data.length; at += 4) if (data[at] < 250) return true;
  return false;
}

export async function fit(file: Blob, maxBytes: number, types: string[]): Promise<Fitted> {
  const before = file.size;
  const picture = await decode(file);
  try {
    if (before <= maxBytes && types.includes(file.type)) return { blob: file, before, isShrunk: false };
    const keepsAlpha = types.includes('image/webp') && file.type !== 'image/jpeg' && isSeeThrough(picture);
    const type = keepsAlpha ? 'image/webp' : 'image/jpeg';
    const longest = Math.max(picture.width, picture.height);
    for (const side of SIDES.filter((one, at) => one < longest || SIDES[at + 1] < longest || at === SIDES.length - 1)) {
      const canvas = draw(picture, side, !keepsAlpha);
      for (const quality of QUALITIES) {
        const blob = await encode(canvas, type, quality);
        if (blob && blob.size <= maxBytes) return { blob, before, isShrunk: true };
      }
    }
    throw new TooLarge();
  } finally {
    picture.close();
  }
}
