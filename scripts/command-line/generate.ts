/** Writes docs/command-line.md from the code: `npm run command-line`. */
import { writeFileSync } from 'node:fs';
import { commandLinePage } from './page.ts';

writeFileSync(new URL('../../docs/command-line.md', import.meta.url), commandLinePage());
