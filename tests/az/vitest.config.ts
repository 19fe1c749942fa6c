import { defineConfig } from 'vitest/config';

/** Tests that need `az` on the PATH: `npm run test:az`. */
export default defineConfig({
  test: { include: ['tests/az/*.az.ts'], pool: 'forks', testTimeout: 120_000, hookTimeout: 120_000 },
});
