// The moment under the pointer, shared by everything that is drawn over simulated time. Outside React: it moves with
// every pixel.

type Listener = (timeS: number | null, by: object | null) => void;

const listeners = new Set<Listener>();

/** Tells everybody which moment is pointed at [s], null for none; `by` recognises what it has said itself. */
export function setTimeCursor(timeS: number | null, by: object | null = null): void {
  for (const listener of listeners) listener(timeS, by);
}

/** Calls back with every move; returns how to stop that. */
export function subscribeTimeCursor(listener: Listener): () => void {
  listeners.add(listener);
  return () => {
    listeners.delete(listener);
  };
}
