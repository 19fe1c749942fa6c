import { charge } from '../budget.ts';
import { isIterable, stepThrough } from '../enumerate.ts';
import { argumentException } from '../exceptions.ts';
import { guardDepth } from '../json/depth.ts';
import type { Uniform } from '../values.ts';
import type { XName } from './name.ts';
import { XElement } from './nodes.ts';
import { xmlText } from './text.ts';
import { XCData, XText } from './x-leaves.ts';
import { XAttribute, XNode } from './x-node.ts';

export abstract class XContainer extends XNode {
  readonly nodes: XNode[] = [];

  add(content: Uniform): void {
    this.insert(this.nodes.length, content);
  }
  /** Adds what `Add(object)` takes: nodes, attributes, texts and values, and enumerables of them. The index after it. */
  insert(index: number, content: Uniform, depth = 0): number {
    charge();
    if (content === null) return index;
    if (content instanceof XAttribute) {
      this.addAttribute(content);
      return index;
    }
    if (content instanceof XNode) return this.place(index, content);
    if (typeof content === 'object' && isIterable(content) && !(content instanceof Uint8Array)) {
      guardDepth(depth);
      let at = index;
      for (const item of [...stepThrough(content)]) at = this.insert(at, item, depth + 1);
      return at;
    }
    const text = xmlText(content);
    const before = this.nodes[index - 1];
    if (before instanceof XText && !(before instanceof XCData)) {
      before.value += text;
      return index;
    }
    return this.place(index, new XText(text));
  }
  protected place(index: number, given: XNode): number {
    const node = given.parent || given === this || this.isInside(given) ? given.clone() : given;
    this.validate(node);
    node.parent = this;
    this.nodes.splice(index, 0, node);
    return index + 1;
  }
  private isInside(node: XNode): boolean {
    for (let at: XContainer | null = this; at; at = at.parent) if (at === node) return true;
    return false;
  }
  protected validate(_node: XNode): void {}
  protected addAttribute(_attribute: XAttribute): void {
    throw argumentException('An attribute cannot be added to content.');
  }
  removeNode(node: XNode): void {
    charge(1 + this.nodes.length / 16);
    this.nodes.splice(this.nodes.indexOf(node), 1);
    node.parent = null;
  }
  removeNodes(): void {
    charge(this.nodes.length);
    for (const node of this.nodes) node.parent = null;
    this.nodes.length = 0;
  }

  *elements(name: XName | null): Iterable<XElement> {
    for (const node of [...this.nodes]) {
      charge();
      if (node instanceof XElement && (name === null || node.name.is(name))) yield node;
    }
  }
  element(name: XName): XElement | null {
    for (const element of this.elements(name)) return element;
    return null;
  }
  *descendantNodes(depth = 0): IterableIterator<XNode> {
    guardDepth(depth);
    for (const node of [...this.nodes]) {
      charge();
      yield node;
      if (node instanceof XContainer) yield* node.descendantNodes(depth + 1);
    }
  }
  *descendants(name: XName | null): Iterable<XElement> {
    for (const node of this.descendantNodes()) {
      if (node instanceof XElement && (name === null || node.name.is(name))) yield node;
    }
  }
}
