import { collectionsTypes } from './collections/index.ts';
import { contextTypes } from './context/index.ts';
import { cryptographyTypes } from './cryptography/index.ts';
import type { TypeDeclaration } from './declare.ts';
import { linqTypes } from './linq/index.ts';
import { netTypes } from './net/index.ts';
import { newtonsoftTypes } from './newtonsoft/index.ts';
import { outsideTypes } from './outside.ts';
import { regexTypes } from './regex/index.ts';
import { systemTypes } from './system/index.ts';
import { textTypes } from './text/index.ts';
import { xmlTypes } from './xml/index.ts';

/** Every .NET type an expression may touch. What is not in this list does not exist. */
export const surface: readonly TypeDeclaration[] = [
  ...systemTypes,
  ...collectionsTypes,
  ...linqTypes,
  ...textTypes,
  ...regexTypes,
  ...newtonsoftTypes,
  ...xmlTypes,
  ...cryptographyTypes,
  ...netTypes,
  ...contextTypes,
  ...outsideTypes,
];
