import { GUEST } from './make-tools-image.ts';

/** How the machine's file system treats what is written: the ways that are allowed, the harsher the better. */
export interface Habits {
  /** Options of the mount. */
  readonly mount: string;
  /** Hundredths of a second until the kernel writes back by itself, in any order. */
  readonly writeBack: number;
}

/** No help by ext4 for programs that do not sync before a rename: other file systems have none. */
const COMMON = 'noatime,noauto_da_alloc';

export const HABITS: readonly Habits[] = [
  { mount: `${COMMON},data=ordered`, writeBack: 500 },
  { mount: `${COMMON},data=ordered,commit=1`, writeBack: 10 },
  { mount: `${COMMON},data=writeback`, writeBack: 500 },
  { mount: `${COMMON},data=writeback,commit=1`, writeBack: 10 },
];

/** Optimising code costs more than it saves in a process that lives for a second. */
const CLIENT = `${GUEST.node} --no-opt --no-maglev --no-sparkplug ${GUEST.swupd}`;

/** Messages: `begin`, and `end` with the exit code of the client. The machine stays on until it is reset. */
export function commandOrders(command: readonly string[], habits: Habits): string {
  return `${mountOrders(habits)}
echo @begin
${CLIENT} ${command.join(' ')} > /tmp/said 2>&1
echo @end $?
sleep 1000
`;
}

/** Messages: `recovered` with the exit code of the client, `copied` when the root is in the answers. */
export function lookOrders(recover: readonly string[], habits: Habits): string {
  return `${mountOrders(habits)}
echo @begin
${CLIENT} ${recover.join(' ')} > /tmp/said 2>&1
echo @recovered $?
cat /tmp/said
tar --create --file /dev/vdd --directory ${GUEST.system} --xattrs --numeric-owner root outside && sync && echo @copied
umount ${GUEST.system}
`;
}

/** The same without a reset, while what the client compiles stays in the tools. Messages: `begin`, `end` with the exit code. */
export function measureOrders(command: readonly string[], habits: Habits): string {
  return `mount -o remount,rw /
${mountOrders(habits)}
echo @cache $(cat /sys/block/vda/queue/write_cache)
echo @begin
${CLIENT} ${command.join(' ')} > /tmp/said 2>&1
echo @end $?
cat /tmp/said
umount ${GUEST.system}
mount -o remount,ro /
`;
}

function mountOrders({ mount, writeBack }: Habits): string {
  return `echo ${writeBack} > /proc/sys/vm/dirty_writeback_centisecs
echo ${writeBack} > /proc/sys/vm/dirty_expire_centisecs
mount -t ext4 -o ${mount} /dev/vda ${GUEST.system} || { echo @unmountable; exit; }
echo @mounted`;
}
