// `npm start`: builds the page, serves it on this machine only, and prints the address.
import { build, preview } from "vite";

await build({ logLevel: "warn" });
const server = await preview({
  preview: { host: "localhost", port: 4173, strictPort: false },
  logLevel: "warn",
});
const address = server.resolvedUrls?.local[0] ?? "http://localhost:4173/";
console.log(`Spillway is running at ${address} (stop with Ctrl+C).`);
