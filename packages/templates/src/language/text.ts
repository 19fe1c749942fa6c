/** True for a string that the engine evaluates: `[...]`, but not `[[...]`. */
export function isExpression(text: string): boolean {
  return text.length > 2 && text.startsWith('[') && text.endsWith(']') && text[1] !== '[';
}

/** What a string that is no expression stands for: `[[x]` is the text `[x]`. */
export function literalText(text: string): string {
  return text.startsWith('[[') && text.endsWith(']') ? text.slice(1) : text;
}
