// Ids made of names: the same name gives the same id, in every program.

/** FNV-1a over 64 bits (Fowler, Noll, Vo). */
const prime = 0x100000001b3n;
const basis = 0xcbf29ce484222325n;
const mask = (1n << 64n) - 1n;

/** So many bytes for a name in hexadecimal digits; never all zero, which the protocol forbids. */
export function hexOf(name: string, bytes: 8 | 16): string {
  const parts = Array.from({ length: bytes / 8 }, (_, part) => fnv(`${part}/${name}`));
  return parts.map((part) => (part === 0n ? 1n : part).toString(16).padStart(16, "0")).join("");
}

function fnv(text: string): bigint {
  let hash = basis;
  for (const byte of new TextEncoder().encode(text)) hash = ((hash ^ BigInt(byte)) * prime) & mask;
  return hash;
}
