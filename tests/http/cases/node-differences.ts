import type { Outcome } from './wire-case.ts';

/** Where the reference implementation over node:http answers a case otherwise, and why that is no danger. */
export const nodeDifferences: readonly NodeDifference[] = [
  {
    why: 'Its parser takes tabs around a value for optional white space, as RFC 9110 has it. Ours refuses them beside the two fields that decide where a message ends. The backend is sent a length of our own writing either way.',
    cases: {
      'obfuscated: a tab in front': { answers: [200, 200], backend: ['POST /first 0', 'GET /smuggled 0'] },
      'a tab in front': { answers: [200, 200], backend: ['POST /first 5', 'GET /smuggled 0'] },
      'a tab behind': { answers: [200, 200], backend: ['POST /first 5', 'GET /smuggled 0'] },
    },
  },
  {
    why: 'Any number of zeros in front of a chunk size, any number of empty lines before a request and several spaces in the request line are let pass; the meaning is the same for every reader, and the backend gets none of them.',
    cases: {
      'a size with a hundred zeros in front': { answers: [200, 200], backend: ['POST /first 5', 'GET /smuggled 0'] },
      'request line: two spaces between method and target': {
        answers: [200, 200],
        backend: ['GET /first 0', 'GET /smuggled 0'],
      },
      'request line: two spaces between target and version': {
        answers: [200, 200],
        backend: ['GET /first 0', 'GET /smuggled 0'],
      },
      'two empty lines before the request': { answers: [200], backend: ['GET /first 0'] },
      'a bare LF before the request': { answers: [200], backend: ['GET /first 0'] },
      'a bare CR before the request': { answers: [200], backend: ['GET /first 0'] },
      'request line: another protocol': { answers: [200], backend: ['GET /first 0'] },
    },
  },
  {
    why: 'Its parser counts in 64 bits: it waits for the data of such a chunk, and the connection ends without a request.',
    cases: {
      'a size of 2^63': { answers: [400], backend: [] },
      'a size beyond 2^53': { answers: [400], backend: [] },
    },
  },
  {
    why: 'Its parser reads trailers under the limit of a head and drops what goes beyond it.',
    cases: { 'trailers without end': { answers: [200, 200], backend: ['POST /first 0', 'GET /smuggled 0'] } },
  },
  {
    why: 'Its parser refuses the name of a framing field in trailers; ours reads them as what they are, trailers, and does not pass them on.',
    cases: { trailers: { answers: [400], backend: [] } },
  },
  {
    why: 'An unfinished message is answered before the connection is closed, or closed without an answer.',
    cases: {
      'a body that never comes': { answers: [400], backend: [] },
      'a last chunk that never comes': { answers: [400], backend: [] },
    },
  },
  {
    why: 'Its parser gives a broken request line another code; nothing is accepted.',
    cases: {
      'request line: a bare CR in the target': { answers: [400], backend: [] },
      'request line: a bare LF in the target': { answers: [505], backend: [] },
      'request line: no target': { answers: [400], backend: [] },
      'request line: a version with a leading zero': { answers: [505], backend: [] },
      'request line: a version without a dot': { answers: [505], backend: [] },
      'request line: a version with a comma': { answers: [505], backend: [] },
      'request line: a version with a full-width digit': { answers: [505], backend: [] },
    },
  },
  {
    why: 'Its parser knows a fixed list of methods and refuses every other one.',
    cases: {
      'a method in lower case is another method': { answers: [400], backend: [] },
      'a method that nobody has heard of': { answers: [400], backend: [] },
      'a request behind one without an operation': { answers: [400], backend: [] },
      'a body of a request that is answered without reading it': { answers: [400], backend: [] },
      'a chunked body of a request that is answered without reading it': { answers: [400], backend: [] },
    },
  },
  {
    why: 'Its parser stops at a request with an Upgrade; what came in the same packet behind one that is not taken up is lost, not read.',
    cases: {
      'an h2c upgrade is a request without one': { answers: [200], backend: ['GET /first 0'] },
      'an h2c upgrade with a body that hides a request': { answers: [200], backend: ['POST /first 35'] },
      'an upgrade to TLS': { answers: [200], backend: ['GET /first 0'] },
      'a WebSocket upgrade with a body is no upgrade': { answers: [200], backend: ['POST /first 35'] },
    },
  },
  {
    why: 'A refusal behind a request that still runs closes the connection behind its response.',
    cases: { 'a refused request between two others': { answers: [200], backend: ['GET /first 0'] } },
  },
  {
    why: '100 Continue is sent although the body is there already, which RFC 9110 leaves free.',
    cases: {
      'Expect: 100-continue with the body sent along': {
        answers: [100, 200, 200],
        backend: ['POST /first 5', 'GET /second 0'],
      },
      '0.CL by Expect: the body is the body, whatever it looks like': {
        answers: [100, 200, 200],
        backend: ['POST /first 35', 'GET /second 0'],
      },
      'Expect with a chunked body': { answers: [100, 200, 200], backend: ['POST /first 5', 'GET /second 0'] },
    },
  },
  {
    why: 'Node looks for 100-continue anywhere in the value. Expect never reaches the backend: the gateway asks it for itself or not at all.',
    cases: {
      'Expect with something in front': { answers: [100, 200, 200], backend: ['POST /first 5', 'GET /smuggled 0'] },
      'Expect with a list': { answers: [100, 200, 200], backend: ['POST /first 5', 'GET /smuggled 0'] },
    },
  },
  {
    why: 'Node closes the connection behind a request that expected 100-continue and was not given one.',
    cases: {
      'Expect on GET without a body': { answers: [200], backend: ['GET /first 0', 'GET /second 0'] },
    },
  },
];

export interface NodeDifference {
  readonly why: string;
  readonly cases: Readonly<Record<string, Outcome>>;
}

/** By the name of the case. */
export function nodeOutcome(name: string): Outcome | undefined {
  return nodeDifferences.find(({ cases }) => cases[name] !== undefined)?.cases[name];
}
