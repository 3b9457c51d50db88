// The moment at which somebody first does something with the page. What is not seen before is loaded from then on.

const signs = [
  "pointermove",
  "pointerdown",
  "touchstart",
  "wheel",
  "keydown",
  "dragenter",
] as const;

let touch: Promise<void> | undefined;

/** Settles with the first move, press, touch, turn of the wheel, key or file that is dragged over it; the same promise for everybody. */
export async function firstTouch(): Promise<void> {
  touch ??= new Promise((resolve) => {
    const awake = new AbortController();
    const handle = (): void => {
      awake.abort();
      resolve();
    };
    for (const sign of signs)
      addEventListener(sign, handle, { signal: awake.signal, capture: true, passive: true });
  });
  return touch;
}
