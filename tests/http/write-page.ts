import { writeFileSync } from 'node:fs';
import { httpSecurityPage } from './page.ts';

/** Writes docs/http-security.md. */
writeFileSync(new URL('../../docs/http-security.md', import.meta.url), httpSecurityPage());
