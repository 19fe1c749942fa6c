/** Writes docs/compatibility.md from the code: `npm run compatibility`. */
import { writeFileSync } from 'node:fs';
import { compatibilityPage } from './page.ts';

writeFileSync(new URL('../../docs/compatibility.md', import.meta.url), compatibilityPage());
