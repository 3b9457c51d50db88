// Internet addresses and ranges of them, as filters compare them: a number of 32 or 128 bits, never across the families.

/** The first and the last address of a range; `bits` is 32 or 128. */
export interface IpRange {
  readonly bits: number;
  readonly from: bigint;
  readonly to: bigint;
}

/** An address as a number. */
interface IpAddress {
  readonly bits: number;
  readonly value: bigint;
}

const ipv4 = /^\d+\.\d+\.\d+\.\d+$/u;
const ipv6 = /^[\da-fA-F:]*:[\da-fA-F:]*$/u;
const groupsOfIpv6 = 8;

/** Longest text that can be an address. */
const TEXT_MAX = 60;

/** Reads an address; undefined when it is none. An IPv6 address that stands for an IPv4 one is that one. */
function parseIp(text: string): IpAddress | undefined {
  if (text.length > TEXT_MAX) return undefined;
  if (ipv4.test(text)) return ofParts(text.split(".").map(Number), { size: 8, max: 255 });
  if (!ipv6.test(text)) return undefined;
  const halves = text.split("::");
  if (halves.length > 2) return undefined;
  const groups = halves.map((half) => (half === "" ? [] : half.split(":")));
  const stated = groups.reduce((sum, half) => sum + half.length, 0);
  if (halves.length === 2 ? stated >= groupsOfIpv6 : stated !== groupsOfIpv6) return undefined;
  const zeros = Array.from({ length: groupsOfIpv6 - stated }, () => "0");
  const all = [...(groups[0] ?? []), ...zeros, ...(groups[1] ?? [])];
  if (!all.every((group) => /^[\da-fA-F]{1,4}$/u.test(group))) return undefined;
  const address = ofParts(
    all.map((group) => Number.parseInt(group, 16)),
    { size: 16, max: 65_535 },
  );
  if (address !== undefined && address.value >> 32n === 0xffffn)
    return { bits: 32, value: address.value & 0xffffffffn };
  return address;
}

function ofParts(
  parts: readonly number[],
  part: { readonly size: number; readonly max: number },
): IpAddress | undefined {
  if (parts.some((one) => !(one <= part.max))) return undefined;
  const value = parts.reduce((sum, one) => (sum << BigInt(part.size)) + BigInt(one), 0n);
  return { bits: parts.length * part.size, value };
}

/** The range of a single address; undefined when a text is none. */
export function singleIp(text: string): IpRange | undefined {
  const address = parseIp(text);
  return address && { bits: address.bits, from: address.value, to: address.value };
}

/** The range of a text such as 10.0.0.0/24: from the address that is stated, whatever its last bits, to the end of its
 *  network, as AWS's matcher takes it. The failure is a sentence. */
export function cidrRange(text: string): IpRange | string {
  const [stated = "", mask = "", ...rest] = text.split("/");
  if (rest.length > 0 || !/^\d{1,3}$/u.test(mask))
    return `"${text}" must be an address and a number of bits, such as 10.0.0.0/24.`;
  const address = parseIp(stated);
  if (address === undefined) return `"${stated}" is not an address.`;
  const free = address.bits - Number(mask);
  if (free < 1) return `The number of bits in "${text}" must be below ${address.bits}.`;
  return {
    bits: address.bits,
    from: address.value,
    to: address.value | ((1n << BigInt(free)) - 1n),
  };
}

/** Whether a text is an address within a range. */
export function isWithin(range: IpRange, text: string): boolean {
  const address = parseIp(text);
  return (
    address !== undefined &&
    address.bits === range.bits &&
    address.value >= range.from &&
    address.value <= range.to
  );
}
