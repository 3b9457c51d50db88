// The generators of code were written for Node and look for two of its globals, though they need nothing of what these can
// do. In a browser they find stand-ins.

/** Makes sure that there is a `process` and a `Buffer`; Node's own stay. */
export function standInForNode(): void {
  const globals: Record<string, unknown> = globalThis;
  globals["process"] ??= { env: {}, argv: [], cwd: () => "/", platform: "browser" };
  globals["Buffer"] ??= { isBuffer: () => false };
}
