/** `build 20`, `builds 20 and 30`, `builds 20, 30 and 40` */
export function buildsText(builds: readonly number[]): string {
  const last = builds.at(-1);
  if (builds.length < 2) return `build ${last}`;
  return `builds ${builds.slice(0, -1).join(', ')} and ${last}`;
}
