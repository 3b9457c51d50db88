// Writes texts, bars and attributes into elements that React has made, and remembers what stood there before.

/** The slots that have been written. */
export interface Slots {
  /** Writes a value unless it stands there already. `slot` is "text", "scale" or the name of an attribute; an
   *  attribute that is "" is taken away. */
  readonly put: (element: Element | null, slot: string, value: string) => void;
  /** What stands in a slot apart from our own writing. */
  readonly atRest: (element: Element, slot: string) => string;
  /** Brings everything back that stood there before. */
  readonly reset: () => void;
}

interface Memory {
  atRest: string;
  written: string;
}

interface Access {
  readonly read: (element: Element) => string;
  readonly write: (element: Element, value: string) => void;
}

/** Makes an empty memory. */
export function createSlots(): Slots {
  const memories = new Map<Element, Map<string, Memory>>();

  function put(element: Element | null, slot: string, value: string): void {
    if (element === null) return;
    const { read, write } = accessTo(slot);
    const own = memories.get(element) ?? new Map<string, Memory>();
    if (own.size === 0) memories.set(element, own);
    const standing = read(element);
    const memory = own.get(slot) ?? { atRest: standing, written: standing };
    own.set(slot, memory);
    // React has written something else meanwhile: that is what comes back at rest.
    if (standing !== memory.written) memory.atRest = standing;
    if (standing === value) return;
    write(element, value);
    memory.written = read(element);
  }

  function atRest(element: Element, slot: string): string {
    const standing = accessTo(slot).read(element);
    const memory = memories.get(element)?.get(slot);
    return memory === undefined || standing !== memory.written ? standing : memory.atRest;
  }

  function reset(): void {
    for (const [element, own] of memories)
      for (const [slot, memory] of own)
        if (element.isConnected) accessTo(slot).write(element, memory.atRest);
    memories.clear();
  }

  return { put, atRest, reset };
}

function accessTo(slot: string): Access {
  if (slot === "text") return text;
  if (slot === "scale") return scale;
  return {
    read: (element) => element.getAttribute(slot) ?? "",
    write: (element, value) => {
      if (value === "") element.removeAttribute(slot);
      else element.setAttribute(slot, value);
    },
  };
}

const text: Access = {
  read: (element) => element.textContent,
  write: (element, value) => {
    element.textContent = value;
  },
};

/** A share becomes a horizontal scale; what is already a transform (or none) goes back as it was. */
const scale: Access = {
  read: (element) => (element instanceof HTMLElement ? element.style.transform : ""),
  write: (element, value) => {
    if (!(element instanceof HTMLElement)) return;
    const isShare = value !== "" && !value.includes("(");
    element.style.transform = isShare ? `scaleX(${value})` : value;
  },
};
