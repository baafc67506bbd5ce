const latencyBucketsMs = [50, 100, 150, 200, 300, 400, 500, 650, 800, 1000, 1500, 2000, 3000, 5000];

export const counters = {
  parley_turns_total: "Agent turns begun.",
  parley_prepared_turns_total: "Answers begun before it was certain that the user's turn was over.",
  parley_prepared_turns_discarded_total: "Of these, the ones thrown away.",
  parley_interruptions_total: "Agent turns that the user stopped.",
  parley_overlap_interruptions_total: "Times that speech over the agent was an interruption.",
  parley_overlap_backchannels_total: "Times that speech over the agent was a backchannel or a laugh.",
  parley_overlap_noises_total: "Times that a cough or noise was taken for speech over the agent at first.",
  parley_overlap_side_talk_total: "Times that speech over the agent was meant for somebody else.",
  parley_overlap_echoes_total: "Times that speech over the agent was the agent's own echo.",
  parley_rewinds_total: "Times that the agent went on after it had fallen silent for speech that was no interruption.",
  parley_failovers_total: "Times that a worker went on where another one's voice broke off, or never began.",
  parley_damaged_records_total: "Times that a worker's record in the registry could not be read.",
  parley_outage_leases_total: "Leases granted without the registry, while it could not be asked.",
  parley_voice_streams_total: "Streams asked of speech workers.",
  parley_hedges_total: "Second streams begun because the first worker was late with its first frame.",
  parley_hedges_won_total: "Second streams that spoke first.",
  parley_errors_total: "Error events sent to clients.",
  parley_mic_windows_dropped_total: "Microphone windows of 32 ms dropped because detection fell behind.",
  parley_foreign_skipped_total: "Records and addresses of the predecessor's workers that could not be used.",
  parley_refused_connections_total: "Connections refused: bad origin, token, message or capacity.",
} as const;

export const gauges = {
  parley_sessions: "Conversations in progress.",
  parley_workers_ready: "Speech workers in the registry that are live and ready.",
} as const;

/** As each worker last told the registry, with its name as the label `worker`; what it has not measured is absent. */
export const workerGauges = {
  parley_worker_ready: "1 when the worker is live and takes answers, else 0.",
  parley_worker_heartbeat_age_ms: "Time since the worker's last heartbeat, ms.",
  parley_worker_capacity: "Answers that the worker speaks at the same time at most.",
  parley_worker_leases: "Places taken by leases.",
  parley_worker_speaking: "Answers that the worker speaks.",
  parley_worker_queue_ms: "How long a new clause would wait for the syntheses under way, ms.",
  parley_worker_first_audio_ms: "A stream's first text to its first frame, running mean, ms.",
  parley_worker_first_audio_p90_ms: "The same, 90th percentile of the last 50, ms.",
  parley_worker_real_time_factor: "Synthesis time for each second of audio, running mean.",
} as const;

export const histograms = {
  parley_first_audio_ms: {
    help: "End of the user's speech to the first agent sample at the speaker, ms.",
    buckets: latencyBucketsMs,
  },
  parley_overlap_reaction_ms: {
    help: "Onset of speech over the agent to the verdict on it, ms.",
    buckets: latencyBucketsMs,
  },
  parley_final_transcript_ms: {
    help: "Request of the final transcript to its arrival, ms.",
    buckets: latencyBucketsMs,
  },
  parley_worker_first_frame_ms: {
    help: "First clause sent to a worker to its first audio frame, ms.",
    buckets: latencyBucketsMs,
  },
  parley_lease_ms: {
    help: "Time to get a lease on a worker, ms.",
    buckets: [0.5, 1, 2, 5, 10, 20, 50, 100, 500, 2000],
  },
} as const;

export type CounterName = keyof typeof counters;
export type GaugeName = keyof typeof gauges;
export type WorkerGaugeName = keyof typeof workerGauges;
export type HistogramName = keyof typeof histograms;
