import type { HandlerContext, ResourceType } from '../../contract.ts';
import { armError } from '../../errors.ts';
import { asJson, isJsonObject } from '../../json/json.ts';
import { propertiesOf } from '../../json/properties.ts';
import { any, array, boolean, object, string } from '../../schema/schema.ts';
import { namespaceType } from '../ids.ts';
import { refuseClosed } from '../network-access.ts';

const type = `${namespaceType}/networkRuleSets`;
const defaults = {
  publicNetworkAccess: 'Enabled',
  defaultAction: 'Allow',
  virtualNetworkRules: [],
  ipRules: [],
  trustedServiceAccessEnabled: false,
};

/** Whom the network lets through: everybody, for that is all there is. Rules that deny are refused, since nothing would keep them. */
export const networkRuleSet: ResourceType = {
  type,
  name: { only: ['default'], says: "'default'" },
  body: {
    properties: object({
      publicNetworkAccess: string({ values: ['Enabled', 'Disabled', 'SecuredByPerimeter'], default: 'Enabled' }),
      defaultAction: string({ values: ['Allow', 'Deny'], default: 'Allow' }),
      virtualNetworkRules: array(any(), { default: [], maxItems: 128 }),
      ipRules: array(any(), { default: [], maxItems: 128 }),
      trustedServiceAccessEnabled: boolean({ default: false }),
    }),
  },
  put: {
    created: 200,
    prepare({ body }) {
      const { ipRules, defaultAction, publicNetworkAccess } = propertiesOf(body);
      refuseClosed(publicNetworkAccess);
      const denies =
        defaultAction === 'Deny' ||
        (Array.isArray(ipRules) && ipRules.some((rule) => isJsonObject(rule) && /^deny$/i.test(String(rule.action))));
      if (denies)
        throw armError('UnsupportedFeature', {
          feature: 'A network rule set that denies (restrict the port with a firewall)',
        });
      return {};
    },
  },
  handlers: {
    GET: async ({ id, existing }) => ({ status: 200, body: documentOf(id.text, existing) }),
    LIST: async ({ id, reader }) => {
      const own = `${id.parentId}/networkRuleSets/default`;
      return { status: 200, body: { value: [asJson(documentOf(own, await reader.get(own)))] } };
    },
  },
};

function documentOf(id: string, existing: HandlerContext['existing']) {
  return { id, name: 'default', type, properties: asJson({ ...defaults, ...propertiesOf(existing?.body ?? {}) }) };
}
