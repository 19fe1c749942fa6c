import { charge } from '../budget.ts';
import { stepThrough } from '../enumerate.ts';
import type { Uniform } from '../values.ts';
import { isMultiContent } from './content.ts';
import { guardDepth } from './depth.ts';
import { JArray, JContainer, JObject, JValue, tokenFromContent } from './token.ts';

/** `JContainer.Merge(content)` with the default settings: arrays are concatenated, null does not overwrite. */
export function mergeInto(target: JContainer, content: Uniform, depth = 0): void {
  guardDepth(depth);
  if (content === null) return;
  if (target instanceof JObject) {
    if (content instanceof JObject) mergeObject(target, content, depth);
    return;
  }
  if (!(target instanceof JArray)) {
    if (content instanceof JContainer) for (const item of content.items) target.addContent(item);
    return;
  }
  const items = content instanceof JArray ? content.items : isMultiContent(content) ? stepThrough(content) : null;
  if (!items) return;
  for (const item of [...items]) target.insertChild(target.count, item === null ? null : tokenFromContent(item));
}

function mergeObject(target: JObject, content: JObject, depth: number): void {
  for (const { name, value } of [...content.properties]) {
    charge();
    const existing = target.property(name);
    if (!existing) {
      target.add(name, value);
      continue;
    }
    const into = existing.value;
    if (into instanceof JContainer && into.type === value.type) mergeInto(into, value, depth + 1);
    else if (!(value instanceof JValue && value.value === null)) existing.value = value;
  }
}
