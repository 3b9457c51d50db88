// Bytes as text that survives in a URL without escaping (RFC 4648, section 5, without padding).
// Decoding is strict: exactly one text stands for each list of bytes.

const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

const notInAlphabet = 255;

const values = new Uint8Array(128).fill(notInAlphabet);
for (let i = 0; i < alphabet.length; i++) values[alphabet.charCodeAt(i)] = i;

/** Bytes to text: four characters for each three bytes. */
export function encodeBase64url(bytes: Uint8Array): string {
  const parts: string[] = [];
  for (let i = 0; i < bytes.length; i += 3) parts.push(encodeGroup(bytes, i));
  return parts.join("");
}

function encodeGroup(bytes: Uint8Array, start: number): string {
  const present = Math.min(3, bytes.length - start);
  const bits =
    ((bytes[start] ?? 0) << 16) | ((bytes[start + 1] ?? 0) << 8) | (bytes[start + 2] ?? 0);
  let text = "";
  for (let i = 0; i <= present; i++) text += alphabet.charAt((bits >> (18 - 6 * i)) & 63);
  return text;
}

/** Text to bytes; undefined when it has a foreign character or an impossible length. */
export function decodeBase64url(text: string): Uint8Array | undefined {
  if (text.length % 4 === 1) return undefined;
  const bytes = new Uint8Array(Math.floor((text.length * 3) / 4));
  let bits = 0;
  let bitCount = 0;
  let length = 0;
  for (let i = 0; i < text.length; i++) {
    const value = values[text.charCodeAt(i)] ?? notInAlphabet;
    if (value === notInAlphabet) return undefined;
    bits = ((bits << 6) | value) & 0xffff;
    bitCount += 6;
    if (bitCount >= 8) {
      bitCount -= 8;
      bytes[length++] = (bits >> bitCount) & 0xff;
    }
  }
  const leftOver = bits & ((1 << bitCount) - 1);
  return leftOver === 0 ? bytes : undefined;
}
