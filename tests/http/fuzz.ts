import { fuzz } from './fuzzing.ts';

/** `npm run fuzz -- MINUTES [SEED]`: prints the seed, which makes the same messages again, and what must not be. */
const [minutes = '1', seedText] = process.argv.slice(2);
const seed = seedText === undefined ? Math.floor(Math.random() * 2 ** 31) : Number(seedText);
if (!(Number(minutes) > 0) || !Number.isInteger(seed)) {
  console.error('Usage: npm run fuzz -- MINUTES [SEED]');
  process.exit(2);
}
console.log(`Fuzzing for ${minutes} minutes with the seed ${seed}.`);
const { requests, responses, http2, violations } = await fuzz(seed, Number(minutes) * 60_000);
for (const violation of violations) console.error(violation);
console.log(
  `${requests} requests, ${responses} responses, ${http2} connections of HTTP/2, ${violations.length} violations (seed ${seed}).`,
);
process.exit(violations.length === 0 ? 0 : 1);
