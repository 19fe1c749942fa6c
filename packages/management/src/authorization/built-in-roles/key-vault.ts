import { around, role } from './role.ts';

const vaults = 'Microsoft.KeyVault/vaults';
const seeVaults = [
  ...around,
  'Microsoft.KeyVault/checkNameAvailability/read',
  'Microsoft.KeyVault/deletedVaults/read',
  'Microsoft.KeyVault/locations/*/read',
  'Microsoft.KeyVault/operations/read',
  `${vaults}/*/read`,
];
const keys = (...operations: string[]) => operations.map((operation) => `${vaults}/keys/${operation}`);
/** All data roles need a vault whose permission model is RBAC. */
const onlyRbac = "Only works for key vaults that use the 'Azure role-based access control' permission model.";

export const keyVaultRoles = [
  role(
    '00482a5a-887f-4fb3-b363-3b7fe8e74483',
    'Key Vault Administrator',
    `Perform all data plane operations on a key vault and all objects in it, including certificates, keys, and secrets. Cannot manage key vault resources or manage role assignments. ${onlyRbac}`,
    { actions: seeVaults, dataActions: [`${vaults}/*`] },
  ),
  role(
    'a4417e6f-fecd-4de8-b567-7b0420556985',
    'Key Vault Certificates Officer',
    `Perform any action on the certificates of a key vault, except manage permissions. ${onlyRbac}`,
    {
      actions: seeVaults,
      dataActions: [`${vaults}/certificatecas/*`, `${vaults}/certificates/*`, `${vaults}/certificatecontacts/write`],
    },
  ),
  role('db79e9a7-68ee-4b58-9aeb-b90e7c24fcba', 'Key Vault Certificate User', `Read certificate contents. ${onlyRbac}`, {
    dataActions: [
      `${vaults}/certificates/read`,
      `${vaults}/secrets/getSecret/action`,
      `${vaults}/secrets/readMetadata/action`,
      `${vaults}/keys/read`,
    ],
  }),
  role(
    'f25e0fa2-a7c8-4377-a976-54943a77a395',
    'Key Vault Contributor',
    'Lets you manage key vaults, but not access to them.',
    {
      actions: ['Microsoft.KeyVault/*', ...around],
      notActions: [
        'Microsoft.KeyVault/locations/deletedVaults/purge/action',
        'Microsoft.KeyVault/hsmPools/*',
        'Microsoft.KeyVault/managedHsms/*',
      ],
    },
  ),
  role(
    '14b46e9e-c2b7-41b4-b07b-48a6ebf60603',
    'Key Vault Crypto Officer',
    `Perform any action on the keys of a key vault, except manage permissions. ${onlyRbac}`,
    { actions: seeVaults, dataActions: [...keys('*'), `${vaults}/keyrotationpolicies/*`] },
  ),
  role(
    'e147488a-f6f5-4113-8e2d-b22465e65bf6',
    'Key Vault Crypto Service Encryption User',
    `Read metadata of keys and perform wrap/unwrap operations. ${onlyRbac}`,
    {
      actions: ['write', 'read', 'delete'].map((verb) => `Microsoft.EventGrid/eventSubscriptions/${verb}`),
      dataActions: keys('read', 'wrap/action', 'unwrap/action'),
    },
  ),
  role(
    '12338af0-0e69-4776-bea7-57ae8d297424',
    'Key Vault Crypto User',
    `Perform cryptographic operations using keys. ${onlyRbac}`,
    {
      dataActions: keys(
        'read',
        'update/action',
        'backup/action',
        'encrypt/action',
        'decrypt/action',
        'wrap/action',
        'unwrap/action',
        'sign/action',
        'verify/action',
      ),
    },
  ),
  role(
    '21090545-7ca7-4776-b22c-e363652d74d2',
    'Key Vault Reader',
    `Read metadata of key vaults and its certificates, keys, and secrets. Cannot read sensitive values such as secret contents or key material. ${onlyRbac}`,
    { actions: seeVaults, dataActions: [`${vaults}/*/read`, `${vaults}/secrets/readMetadata/action`] },
  ),
  role(
    'b86a8fe4-44ce-4948-aee5-eccb2c155cd7',
    'Key Vault Secrets Officer',
    `Perform any action on the secrets of a key vault, except manage permissions. ${onlyRbac}`,
    { actions: seeVaults, dataActions: [`${vaults}/secrets/*`] },
  ),
  role('4633458b-17de-408a-b874-0445c86b69e6', 'Key Vault Secrets User', `Read secret contents. ${onlyRbac}`, {
    dataActions: [`${vaults}/secrets/getSecret/action`, `${vaults}/secrets/readMetadata/action`],
  }),
];
