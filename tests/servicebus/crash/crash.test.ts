import { postgresPrograms } from '@lazuli/store/testing';
import { describe, expect, it } from 'vitest';
import { crashRounds } from './crash.ts';
import { hasCompiler } from './power-loss.ts';

describe('kill -9 under load', () => {
  it('of Lazuli loses nothing that was accepted and brings nothing back that was settled', async () => {
    const report = await crashRounds(4, 'lazuli', 1);
    expect(report.violations).toEqual([]);
    expect(report.accepted).toBeGreaterThan(100);
    expect(report.settled).toBeGreaterThan(100);
  }, 180_000);

  it.runIf(hasCompiler)(
    'with a loss of power behind it does not either',
    async () => {
      const report = await crashRounds(4, 'power', 3);
      expect(report.violations).toEqual([]);
      expect(report.accepted).toBeGreaterThan(100);
    },
    180_000,
  );

  it.runIf(postgresPrograms() !== undefined)(
    'of PostgreSQL loses nothing either, and Lazuli goes on by itself',
    async () => {
      const report = await crashRounds(3, 'postgres', 2);
      expect(report.violations).toEqual([]);
      expect(report.accepted).toBeGreaterThan(100);
    },
    180_000,
  );
});
