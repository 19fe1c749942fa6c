import type { StoreReader } from '@lazuli/store';
import { type ArmId, below, parseArmId } from '../ids/arm-id.ts';
import type { Registry } from '../registry/registry.ts';

/**
 * The id with every alias in it replaced by the name under which the resource is stored (`ResourceType.resolveName`), parents
 * first. Ids of which no type has aliases come back as they are.
 */
export async function resolveAliases(registry: Registry, id: ArmId, reader: StoreReader): Promise<ArmId> {
  const [namespace, ...types] = id.type.split('/');
  const prefixes = types.map((_, index) => registry.type([namespace, ...types.slice(0, index + 1)].join('/')));
  if (!prefixes.some((type) => type?.type.resolveName !== undefined)) return id;
  const chainStart = id.text.toLowerCase().lastIndexOf(`/providers/${namespace?.toLowerCase()}/`);
  let parent = chainStart <= 0 ? '/' : id.text.slice(0, chainStart);
  let text = below(parent, `providers/${namespace}`);
  const names: string[] = [];
  for (const [index, type] of types.entries()) {
    const name = id.names[index];
    if (name === undefined) return { ...id, text: `${text}/${type}`, names, parentId: parent };
    const stored = (await prefixes[index]?.type.resolveName?.(name, parent, reader)) ?? name;
    names.push(stored);
    text = `${text}/${type}/${stored}`;
    if (index === types.length - 1) break;
    parent = text;
  }
  return { ...(parseArmId(text) ?? id), ...pick(id) };
}

function pick({
  subscriptionId,
  resourceGroup,
  type,
}: ArmId): Pick<ArmId, 'subscriptionId' | 'resourceGroup' | 'type'> {
  return { subscriptionId, resourceGroup, type };
}
