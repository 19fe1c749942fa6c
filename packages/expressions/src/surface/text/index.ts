import type { TypeDeclaration } from '../declare.ts';
import { readerTypes } from '../io/string-reader.ts';
import { writerTypes } from '../io/string-writer.ts';
import { encodingTypes } from './encoding.ts';
import { stringBuilderType } from './string-builder.ts';

/** Namespaces System.Text and System.IO; regular expressions stand in `surface/regex/`. */
export const textTypes: readonly TypeDeclaration[] = [
  stringBuilderType,
  ...encodingTypes,
  ...readerTypes,
  ...writerTypes,
];
