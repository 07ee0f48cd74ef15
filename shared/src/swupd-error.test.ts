import { expect, test } from 'vitest';
import { PATH_ERRORS, PathError } from './path-error.ts';

test('an error carries what its table says of its code', () => {
  const cause = new Error('why');
  const error = new PathError('bad-path', 'the path is bad', {
    details: { path: 'x' },
    hint: 'Do this.',
    cause,
  });
  expect(error).toMatchObject({
    name: 'PathError',
    area: 'path',
    code: 'bad-path',
    exit: PATH_ERRORS['bad-path'].exit,
    retry: false,
    message: 'the path is bad',
    details: { path: 'x' },
    hint: 'Do this.',
    cause,
  });
});

test('details and hint may be missing, and no cause is no property', () => {
  const error = new PathError('bad-path', 'bad');
  expect(error).toMatchObject({ details: {}, hint: undefined });
  expect(Object.hasOwn(error, 'cause')).toBe(false);
});

test('a code that is not registered is a mistake of the programmer', () => {
  expect(() => new PathError('unheard-of' as 'bad-path', 'x')).toThrow(TypeError);
});
