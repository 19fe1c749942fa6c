import type { InformationFile } from '../../information/information-file.ts';
import { optional, required } from '../../information/property-table.ts';
import { flag, integer, oneOf, text } from '../../information/property-types.ts';
import type { Product } from '../../model/service.ts';
import type { ResourceFolder } from '../folder-index.ts';
import type { Inputs } from '../inputs.ts';
import { readLinks } from '../links.ts';

const properties = {
  displayName: required(text({ min: 1, max: 300 }), 'Name of the product for people.'),
  description: optional(text({ max: 4000 }), 'What the product offers.'),
  subscriptionRequired: optional(flag, 'Whether its APIs need a key.', true),
  approvalRequired: optional(flag, 'Whether new subscriptions wait for approval.', false),
  subscriptionsLimit: optional(integer(0, 1_000_000), 'Subscriptions a user may have.'),
  state: optional(oneOf('notPublished', 'published'), 'Whether the portal shows the product.', 'notPublished'),
};

export const productInformation: InformationFile<typeof properties> = {
  name: 'productInformation.json',
  properties,
  accepted: ['terms'],
};

export function readProduct(folder: ResourceFolder, inputs: Inputs): Product | null {
  const policy = inputs.policy(`${folder.directory}/policy.xml`);
  const apis = readLinks(folder, inputs, 'apis', 'api');
  const groups = readLinks(folder, inputs, 'groups', 'group');
  const tags = new Set([...readLinks(folder, inputs, 'tags', 'tag'), ...inputs.tagLinks('product', folder.name)]);
  const information = inputs.information(folder, productInformation);
  return information === null
    ? null
    : { name: folder.name, ...information.values, apis, groups, tags: [...tags], policy };
}
