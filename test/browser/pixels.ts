/** The page as the compositor shows it: points of a screenshot. */
import type { PanelPage } from './harness.ts';

export interface Pixels {
  readonly width: number;
  readonly height: number;
  /** 0 to 255: how light a point is to the eye. */
  lightness(x: number, y: number): number;
}

export async function pixelsOf(panel: PanelPage): Promise<Pixels> {
  const png = (await panel.page.screenshot()).toString('base64');
  const reader = await panel.page.context().newPage();
  try {
    const { width, height, base64 } = await reader.evaluate(decodeImage, png);
    const data = Buffer.from(base64, 'base64');
    return {
      width,
      height,
      lightness(x, y) {
        const at = (y * width + x) * 4;
        return 0.2126 * data[at]! + 0.7152 * data[at + 1]! + 0.0722 * data[at + 2]!;
      },
    };
  } finally {
    await reader.close();
  }
}

/** In a page. */
async function decodeImage(png: string): Promise<{ width: number; height: number; base64: string }> {
  const picture = new Image();
  picture.src = `data:image/png;base64,${png}`;
  await picture.decode();
  const { width, height } = picture;
  const canvas = document.createElement('canvas');
  Object.assign(canvas, { width, height });
  const context = canvas.getContext('2d')!;
  context.drawImage(picture, 0, 0);
  const { data } = context.getImageData(0, 0, width, height);
  let text = '';
  for (let i = 0; i < data.length; i += 8192) text += String.fromCharCode(...data.subarray(i, i + 8192));
  return { width, height, base64: btoa(text) };
}
