// What a process has used so far, as Linux counts it: proc_pid_stat(5), proc_pid_status(5).

/** Linux tells processor time in hundredths of a second, whatever the machine: USER_HZ. */
const msPerTick = 10;

/** Milliseconds of processor time, user's and system's, all threads. */
export async function cpuMs(pid: number): Promise<number> {
  const stat = await Deno.readTextFile(`/proc/${pid}/stat`);
  // The name, in brackets, may hold spaces; what follows it does not.
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  return (Number(fields[11]) + Number(fields[12])) * msPerTick;
}

/** The most memory it ever held at once, megabytes of 1,000,000 bytes. */
export async function peakMegabytes(pid: number): Promise<number> {
  const status = await Deno.readTextFile(`/proc/${pid}/status`);
  return Number(/^VmHWM:\s+(\d+) kB$/m.exec(status)?.[1]) * 1024 / 1e6;
}
