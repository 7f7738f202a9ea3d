import {defineConfig} from "vitest/config";

export default defineConfig({
  test: {
    include: ["test/**/*.test.ts"],
    globalSetup: "scripts/compile.js",
    testTimeout: 60_000,
    hookTimeout: 60_000,
    // Two files at a time, each with one core: small statements run faster than with two threads to agree.
    maxWorkers: 2,
    env: {WATTLAKE_THREADS: "1"},
    // No test changes what another file imports: the modules, DuckDB's library among them, are loaded once a worker.
    isolate: false
  }
});
