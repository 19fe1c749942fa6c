import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['packages/*/src/**/*.test.ts', 'tests/**/*.test.ts', 'scripts/**/*.test.ts'],
    pool: 'forks',
    reporters: [['default', { summary: false }], './scripts/closing-line.ts'],
    testTimeout: 20_000,
  },
});
