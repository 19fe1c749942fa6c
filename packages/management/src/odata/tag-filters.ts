import type { FilterNode } from './filter.ts';

/**
 * `tagName eq 'a' and tagValue eq '1'` speak of one tag ("Resources - List", $filter): rewritten to a comparison of `tags/a`, so that
 * the value of another tag does not count. `tagName eq 'a'` alone asks whether there is such a tag.
 */
export function joinTagConditions(node: FilterNode): FilterNode {
  switch (node.kind) {
    case 'and': {
      const pair = tagPair(node.left, node.right) ?? tagPair(node.right, node.left);
      if (pair !== undefined) return pair;
      return { ...node, left: joinTagConditions(node.left), right: joinTagConditions(node.right) };
    }
    case 'or':
      return { ...node, left: joinTagConditions(node.left), right: joinTagConditions(node.right) };
    case 'not':
      return { ...node, operand: joinTagConditions(node.operand) };
    case 'compare': {
      const name = literalOf(node, 'tagname');
      if (name === undefined) return node;
      const field: FilterNode = { kind: 'field', path: `tags/${name}` };
      return { kind: 'compare', operator: 'ne', left: field, right: { kind: 'literal', value: null } };
    }
    default:
      return node;
  }
}

function tagPair(first: FilterNode, second: FilterNode): FilterNode | undefined {
  const name = literalOf(first, 'tagname');
  const value = literalOf(second, 'tagvalue');
  if (name === undefined || value === undefined) return undefined;
  const left: FilterNode = { kind: 'field', path: `tags/${name}` };
  return { kind: 'compare', operator: 'eq', left, right: { kind: 'literal', value } };
}

function literalOf(node: FilterNode, field: string): string | undefined {
  if (node.kind !== 'compare' || node.operator !== 'eq') return undefined;
  const { left, right } = node;
  if (left.kind !== 'field' || left.path.toLowerCase() !== field) return undefined;
  return right.kind === 'literal' && typeof right.value === 'string' ? right.value : undefined;
}
