import { apiManagement } from '@lazuli/management';
import { serveManagement } from './kit.ts';
import { widgetProvider } from './widgets.ts';
import { writeFileSync } from 'node:fs';
const s = await serveManagement({ providers: [widgetProvider, apiManagement as never], log: { error: console.error, info() {} } });
writeFileSync('/tmp/try/ca.pem', s.ca);
writeFileSync('/tmp/try/env', `URL=${s.url}\nAPP=${s.management.firstPrincipal?.application.appId}\nSECRET=${s.management.firstPrincipal?.secretText}\nTENANT=${s.management.tenantId}\nSUB=${s.management.subscriptionId}\n`);
process.on('SIGTERM', () => void s.stop().then(() => process.exit(0)));
