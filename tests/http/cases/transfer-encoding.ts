import { type Family, get, passed, post, refused, smuggled } from './wire-case.ts';

const body = `0\r\n\r\n${smuggled}`;
const withValue = (line: string) => `${post}${line}\r\n\r\n${body}`;
/** The form of the published TE.CL and TE.TE attacks: a length for one reader, an obfuscated coding for the other. */
const besideLength = (line: string) => `${post}Content-Length: ${body.length}\r\n${line}\r\n\r\n${body}`;

const obfuscations: readonly (readonly [string, string])[] = [
  ['a vertical tab in front', 'Transfer-Encoding: \x0bchunked'],
  ['a form feed in front', 'Transfer-Encoding: \x0cchunked'],
  ['a tab in front', 'Transfer-Encoding:\tchunked'],
  ['a tab behind', 'Transfer-Encoding: chunked\t'],
  ['a vertical tab behind', 'Transfer-Encoding: chunked\x0b'],
  ['a NUL behind', 'Transfer-Encoding: chunked\x00'],
  ['a NUL in front', 'Transfer-Encoding: \x00chunked'],
  ['a no-break space in front', 'Transfer-Encoding: \xa0chunked'],
  ['a next-line character behind', 'Transfer-Encoding: chunked\x85'],
  ['a DEL behind', 'Transfer-Encoding: chunked\x7f'],
  ['a byte above 0x7f behind', 'Transfer-Encoding: chunked\xff'],
  ['the Kelvin sign for k', 'Transfer-Encoding: chun\xe2\x84\xaaed'],
  ['a space before the colon', 'Transfer-Encoding : chunked'],
  ['a tab before the colon', 'Transfer-Encoding\t: chunked'],
  ['a space before the name', ' Transfer-Encoding: chunked'],
  ['a tab before the name', '\tTransfer-Encoding: chunked'],
  ['a NUL in the name', 'Transfer\x00Encoding: chunked'],
  ['a CR before the name', '\rTransfer-Encoding: chunked'],
  ['a CR before the colon', 'Transfer-Encoding\r: chunked'],
  ['a line feed before the colon', 'Transfer-Encoding\n: chunked'],
  ['a CR before the value', 'Transfer-Encoding: \rchunked'],
  ['a line feed before the value', 'Transfer-Encoding:\nchunked'],
  ['a folded value', 'Transfer-Encoding:\r\n chunked'],
  ['a value that is continued', 'Transfer-Encoding: chunked\r\n , identity'],
  ['no colon', 'Transfer-Encoding chunked'],
  ['chunked, identity', 'Transfer-Encoding: chunked, identity'],
  ['identity, chunked', 'Transfer-Encoding: identity, chunked'],
  ['identity', 'Transfer-Encoding: identity'],
  ['gzip, chunked', 'Transfer-Encoding: gzip, chunked'],
  ['chunked, gzip', 'Transfer-Encoding: chunked, gzip'],
  ['deflate', 'Transfer-Encoding: deflate'],
  ['chunked twice in a list', 'Transfer-Encoding: chunked, chunked'],
  ['a comma in front', 'Transfer-Encoding: ,chunked'],
  ['a comma behind', 'Transfer-Encoding: chunked,'],
  ['a parameter', 'Transfer-Encoding: chunked;q=1'],
  ['an empty parameter', 'Transfer-Encoding: chunked;'],
  ['quotes', 'Transfer-Encoding: "chunked"'],
  ['single quotes', "Transfer-Encoding: 'chunked'"],
  ['brackets', 'Transfer-Encoding: [chunked]'],
  ['a prefix', 'Transfer-Encoding: xchunked'],
  ['a suffix', 'Transfer-Encoding: chunkedx'],
  ['chunkedchunked', 'Transfer-Encoding: chunkedchunked'],
  ['chunk', 'Transfer-Encoding: chunk'],
  ['an equals sign in front', 'Transfer-Encoding: =chunked'],
  ['two words', 'Transfer-Encoding: chunked chunked'],
  ['nonsense', 'Transfer-Encoding: pigeons'],
  ['nothing', 'Transfer-Encoding:'],
  ['a space alone', 'Transfer-Encoding:  '],
  ['two fields', 'Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked'],
  ['a second field that differs', 'Transfer-Encoding: chunked\r\nTransfer-encoding: cow'],
  ['a first field that differs', 'Transfer-Encoding: cow\r\nTransfer-Encoding: chunked'],
  ['a second field that is empty', 'Transfer-Encoding: chunked\r\nTransfer-Encoding:'],
  ['a field hidden behind a bare LF', 'X: x\nTransfer-Encoding: chunked'],
  ['a field hidden behind a bare CR', 'X: x\rTransfer-Encoding: chunked'],
  ['a field hidden behind LF CR', 'X: x\n\rTransfer-Encoding: chunked'],
  ['a name with a slash', 'Transfer/Encoding: chunked'],
  ['a name with brackets', 'Transfer-Encoding[]: chunked'],
];

/** Understood by every reader alike: another field altogether. */
const otherFields: readonly (readonly [string, string])[] = [
  ['an underscore for the dash', 'Transfer_Encoding: chunked'],
  ['a field that only begins alike', 'Transfer-Encoding-X: chunked'],
  ['a field that only ends alike', 'X-Transfer-Encoding: chunked'],
];

export const transferEncoding: Family = {
  title: 'Transfer-Encoding (CL.TE, TE.CL, TE.TE, TE.0)',
  danger:
    'A coding that one reader sees and the next one does not moves the end of the message, and what is left is read as a request of somebody else.',
  cases: [
    ...obfuscations.map(([what, line]) => refused(`obfuscated: ${what}`, withValue(line))),
    ...obfuscations.map(([what, line]) => refused(`beside a Content-Length: ${what}`, besideLength(line))),
    refused('CL.TE: a length that covers the hidden request', besideLength('Transfer-Encoding: chunked')),
    refused(
      'CL.TE: a length that ends inside the chunk',
      `${post}Content-Length: 6\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\nG`,
    ),
    refused(
      'TE.CL: a chunk that holds the hidden request',
      `${post}Transfer-Encoding: chunked\r\nContent-Length: 4\r\n\r\n${smuggled.length.toString(16)}\r\n${smuggled}\r\n0\r\n\r\n`,
    ),
    refused(
      'TE.0: a chunked body for a reader that ignores it',
      `${post}Content-Length: 0\r\nTransfer-Encoding: chunked\r\n\r\n${body}`,
    ),
    refused(
      'a coding beside a length of zero, in the other order',
      `${post}Transfer-Encoding: chunked\r\nContent-Length: 0\r\n\r\n${body}`,
    ),
    refused(
      'a coding beside a list of lengths',
      `${post}Transfer-Encoding: chunked\r\nContent-Length: 5, 5\r\n\r\n${body}`,
    ),
    refused('HTTP/1.0 with a coding', `POST /first HTTP/1.0\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n${body}`),
    refused(
      'HTTP/1.0 with a coding, kept alive',
      `POST /first HTTP/1.0\r\nHost: a\r\nConnection: keep-alive\r\nTransfer-Encoding: chunked\r\n\r\n${body}`,
    ),
    ...otherFields.map(([what, line]) =>
      passed(`not that field at all: ${what}`, `${get}${line}\r\n\r\n`, 'GET /first 0'),
    ),
    passed(
      'upper case, which names are free to have',
      `${post}TRANSFER-ENCODING: CHUNKED\r\n\r\n0\r\n\r\n`,
      'POST /first 0',
    ),
    passed(
      'spaces around the value',
      `${post}Transfer-Encoding:   chunked  \r\n\r\n3\r\nabc\r\n0\r\n\r\n`,
      'POST /first 3',
    ),
    passed(
      'no space before the value',
      `${post}Transfer-Encoding:chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n`,
      'POST /first 3',
    ),
    passed(
      'a chunked GET and the request behind it',
      `${get}Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\nGET /second HTTP/1.1\r\nHost: a\r\n\r\n`,
      'GET /first 3',
      'GET /second 0',
    ),
  ],
};
