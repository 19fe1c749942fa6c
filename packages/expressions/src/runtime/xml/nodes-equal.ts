import { charge } from '../budget.ts';
import { guardDepth } from '../json/depth.ts';
import { XContainer } from './x-container.ts';
import { XElement } from './x-element.ts';
import type { XNode } from './x-node.ts';

/** `XNode.DeepEquals`: names, attributes in order, content. */
export function nodesEqual(a: XNode | null, b: XNode | null, depth = 0): boolean {
  guardDepth(depth);
  charge();
  if (a === b) return true;
  if (!a || !b || a.nodeType !== b.nodeType) return false;
  if (a instanceof XContainer && b instanceof XContainer) {
    if (a instanceof XElement && b instanceof XElement) {
      if (!a.name.is(b.name) || a.attributes.length !== b.attributes.length || a.isEmpty !== b.isEmpty) return false;
      const same = a.attributes.every((attribute, i) => {
        const other = b.attributes[i];
        return other?.name.is(attribute.name) === true && other.value === attribute.value;
      });
      if (!same) return false;
    }
    return (
      a.nodes.length === b.nodes.length && a.nodes.every((node, i) => nodesEqual(node, b.nodes[i] ?? null, depth + 1))
    );
  }
  return a.text(false) === b.text(false);
}
