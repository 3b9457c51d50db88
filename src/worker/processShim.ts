// The official AsyncAPI parser asks for Node's `process` and `global` when it is loaded. To be imported before it.

const shim = { env: {} };

Reflect.set(globalThis, "global", globalThis);
Reflect.set(globalThis, "process", Reflect.get(globalThis, "process") ?? shim);
