import { join } from 'node:path';
import { defaultDataFolder, openLocalAuthority } from '@lazuli/server';
import { Command } from 'commander';
import { paint, type Terminal } from '../terminal.ts';

export function trustCommand(terminal: Terminal): Command {
  return new Command('trust')
    .summary('print how to trust this machine’s TLS certificates')
    .description(
      'Prints how to make this machine trust the local certificate authority that signs the certificates of\n' +
        '`lazuli start`. Makes the authority if there is none yet. Changes nothing else.',
    )
    .option('--data <folder>', 'the data folder', defaultDataFolder())
    .action(async ({ data }: { data: string }) => {
      const { certificateFile } = await openLocalAuthority(join(data, 'tls'));
      terminal.out(instructions(certificateFile, (text) => paint(terminal, 'cyan', text)));
    });
}

function instructions(file: string, command: (text: string) => string): string {
  return [
    'The certificate of the local authority:',
    `  ${file}`,
    '',
    'For one command:',
    `  ${command(`curl --cacert ${file} https://localhost:8443/...`)}`,
    `  ${command(`NODE_EXTRA_CA_CERTS=${file} node app.js`)}`,
    `  ${command(`REQUESTS_CA_BUNDLE=${file} az ...`)}`,
    '',
    'For the whole machine:',
    `  Debian, Ubuntu  ${command(`sudo cp ${file} /usr/local/share/ca-certificates/lazuli.crt && sudo update-ca-certificates`)}`,
    `  Fedora, RHEL    ${command(`sudo cp ${file} /etc/pki/ca-trust/source/anchors/lazuli.crt && sudo update-ca-trust`)}`,
    `  macOS           ${command(`sudo security add-trusted-cert -d -r trustRoot -k /Library/Keychains/System.keychain ${file}`)}`,
    `  Windows         ${command(`certutil -addstore -user Root ${file}`)}`,
    '  Firefox         Settings, Certificates, Authorities, Import',
    '',
    'Its private key lies beside it, readable by you only. Whoever has that key can make certificates that this machine',
    'trusts: do not copy it, and remove the trust when you no longer need it.',
  ].join('\n');
}
