// How the page is built, served while working on it, and how the unit tests run.
import react from "@vitejs/plugin-react";
import type { Plugin } from "vite";
import { defineConfig } from "vitest/config";

// Hot reload injects an inline script, which the content security policy of index.html forbids.
// The policy is therefore dropped while developing; every built page and every journey has it.
function dropPolicyWhileDeveloping(): Plugin {
  return {
    name: "drop-policy-while-developing",
    apply: "serve",
    transformIndexHtml: (html) =>
      html.replace(/<meta\s+http-equiv="Content-Security-Policy"[^>]*>/, ""),
  };
}

const pageTests = ["src/ui/**/*.test.{ts,tsx}", "src/store/**/*.test.{ts,tsx}"];

export default defineConfig({
  // Relative addresses: the build works in any folder of any server.
  base: "./",
  plugins: [react(), dropPolicyWhileDeveloping()],
  build: {
    // .size-limit.mjs reads the manifest to find what the first load really fetches.
    manifest: true,
    target: "es2023",
    chunkSizeWarningLimit: 4096,
  },
  worker: { format: "es" },
  test: {
    testTimeout: 20_000,
    projects: [
      {
        extends: true,
        test: {
          name: "pure",
          environment: "node",
          include: ["src/**/*.test.{ts,tsx}"],
          exclude: pageTests,
        },
      },
      { extends: true, test: { name: "page", environment: "happy-dom", include: pageTests } },
    ],
  },
});
