export { CONFORMANCE } from './conformance-policy.ts';
