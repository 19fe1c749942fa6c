/**
 * `fast-check` for tests (vitest.config.ts puts it in the place of the original): the same cases in every run. Others come with
 * `LAZULI_TEST_SEED`, a number or `random`.
 */
import fc from '../node_modules/fast-check/lib/fast-check.js';

const given = process.env.LAZULI_TEST_SEED;
if (given !== 'random') fc.configureGlobal({ ...fc.readConfigureGlobal(), seed: Number(given ?? 20_261_125) });

export default fc;
