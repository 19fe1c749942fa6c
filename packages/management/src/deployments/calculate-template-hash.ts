import { templateHash } from '@lazuli/templates';
import type { ProviderAction } from '../contract.ts';
import { defined } from '../json/json.ts';

export const calculateTemplateHash: ProviderAction = {
  name: 'calculateTemplateHash',
  scopes: ['tenant'],
  open: true,
  run({ body }) {
    const minifiedTemplate = JSON.stringify(defined(body));
    return { body: { minifiedTemplate, templateHash: templateHash(JSON.parse(minifiedTemplate)) } };
  },
};
