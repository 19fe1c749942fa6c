import { X509Certificate } from 'node:crypto';
import { posix } from 'node:path';
import { CertificateDataError, readCertificateData } from '@lazuli/certificates';
import type { InformationFile } from '../../information/information-file.ts';
import { optional } from '../../information/property-table.ts';
import { anything, text } from '../../information/property-types.ts';
import type { Certificate } from '../../model/service.ts';
import type { ResourceFolder } from '../folder-index.ts';
import type { Inputs } from '../inputs.ts';
import { certificateVariable } from '../secrets.ts';

const properties = {
  data: optional(
    text({ min: 1, max: 1_000_000, secret: true }),
    'The certificate: PFX in base64, or PEM with or without its key. Better given by the environment or the secrets file.',
  ),
  file: optional(
    text({ min: 1, max: 1000 }),
    'File beside this one that holds it (`.pfx`, `.p12`, `.pem`, `.crt`), when `data` is absent.',
  ),
  password: optional(text({ max: 1000, secret: true }), 'Password of the PFX.'),
  keyVault: optional(
    anything,
    'Key Vault reference. The vault is not asked: the certificate comes from the environment or the secrets file.',
  ),
};

export const certificateInformation: InformationFile<typeof properties> = {
  name: 'certificateInformation.json',
  properties,
  accepted: ['subject', 'thumbprint', 'expirationDate'],
};

/** The certificate comes from the environment, else from the secrets file, else from the folder. */
export function readCertificate(folder: ResourceFolder, inputs: Inputs): Certificate | null {
  const information = inputs.information(folder, certificateInformation);
  if (information === null) return null;
  const { values, at } = information;
  const variable = certificateVariable(folder.name, 'data');
  const outside = secretPart(folder.name, 'data', inputs);
  const password = secretPart(folder.name, 'password', inputs) ?? values.password ?? '';
  const data = outside ?? values.data ?? dataFile(folder, values.file, inputs);
  if (data === null) {
    if (values.file === null)
      at.problem('MissingSecret', { kind: 'certificate', name: folder.name, variable, section: 'certificates' });
    else
      at.child('file').problem('InvalidCertificate', {
        name: folder.name,
        reason: `there is no file '${values.file}' in its folder`,
      });
    return null;
  }
  try {
    const read = readCertificateData(data, password);
    if (outside === null && read.privateKeyPem !== null)
      at.child('data').problem('SecretInFolder', { name: folder.name, variable });
    const thumbprint = new X509Certificate(read.certificatePem).fingerprint.replaceAll(':', '').toUpperCase();
    return { name: folder.name, thumbprint, ...read };
  } catch (error) {
    if (!(error instanceof CertificateDataError)) throw error;
    at.problem('InvalidCertificate', { name: folder.name, reason: error.message });
    return null;
  }
}

function secretPart(name: string, part: 'data' | 'password', inputs: Inputs): string | null {
  return (
    inputs.secret(`env/${certificateVariable(name, part)}`) ??
    inputs.secret(`file/certificates/${name.toLowerCase()}/${part}`)
  );
}

function dataFile(folder: ResourceFolder, file: string | null, inputs: Inputs): Uint8Array | null {
  if (file === null) return null;
  const path = posix.normalize(`${folder.directory}/${file}`);
  return path.startsWith(`${folder.directory}/`) ? (inputs.file(path)?.bytes ?? null) : null;
}
