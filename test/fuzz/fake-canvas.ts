/** Canvases that draw nothing, for the panel's worker outside a browser. */

/** What a drawing call answers that is read again. */
const ANSWERS: Readonly<Record<string, (...args: never[]) => unknown>> = {
  measureText: (text: string) => ({ width: text.length * 7 }),
  getImageData: () => ({ data: new Uint8ClampedArray(4) }),
};

class FakeCanvas {
  width: number;
  height: number;
  readonly #context: object;

  constructor(width: number, height: number) {
    this.width = width;
    this.height = height;
    const set = new Map<PropertyKey, unknown>([['canvas', this]]);
    this.#context = new Proxy(
      {},
      {
        get: (_, name) => set.get(name) ?? ANSWERS[String(name)] ?? (() => undefined),
        set: (_, name, value) => Boolean(set.set(name, value)),
      },
    );
  }

  getContext(): object {
    return this.#context;
  }
}

class FakeImageData {
  readonly width: number;
  readonly height: number;
  readonly data: Uint8ClampedArray;

  constructor(width: number, height: number) {
    this.width = width;
    this.height = height;
    this.data = new Uint8ClampedArray(width * height * 4);
  }
}

/** Has to be called before a panel is made. */
export function installFakeCanvas(): void {
  Object.assign(globalThis, { OffscreenCanvas: FakeCanvas, ImageData: FakeImageData });
}

export const fakeCanvas = (width: number, height: number): OffscreenCanvas =>
  new FakeCanvas(width, height) as unknown as OffscreenCanvas;
