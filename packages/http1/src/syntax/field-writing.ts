import { isFieldValue, isToken } from './characters.ts';

/** May this be written as a field name? */
export function isFieldName(name: string): boolean {
  const { length } = name;
  if (length === 0) return false;
  for (let i = 0; i < length; i++) if (isToken[name.charCodeAt(i)] !== 1) return false;
  return true;
}

/** May this be written as a field value or reason phrase: nothing that could end the line, nothing beyond Latin-1? */
export function isWritable(value: string): boolean {
  const { length } = value;
  for (let i = 0; i < length; i++) if (isFieldValue[value.charCodeAt(i)] !== 1) return false;
  return true;
}
