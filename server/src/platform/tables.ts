// Written by scripts/db-types.ts from the migrations. Do not edit.
import type { ColumnType, Generated, GeneratedAlways } from 'kysely';

type Time = ColumnType<Date, Date | string, Date | string>;
/** Read as parsed JSON, to be narrowed where it is read; written as text. */
type Json = ColumnType<unknown, string, string>;

export interface Tables {
  agent: {
    person_id: string;
    state: Generated<'ready' | 'busy' | 'wrap-up' | 'paused' | 'offline'>;
    pause_reason: string | null;
    state_since: ColumnType<Date, Date | string | undefined, Date | string>;
    next_state: 'ready' | 'paused' | 'offline' | null;
    next_pause_reason: string | null;
    idle_since: ColumnType<Date, Date | string | undefined, Date | string>;
    missed_in_row: Generated<number>;
    call_capacity: Generated<number>;
    chat_capacity: Generated<number>;
    written_capacity: Generated<number>;
    last_seen_at: ColumnType<Date | null, Date | string | null, Date | string | null>;
    line: Generated<'browser' | 'phone'>;
  };
  agent_skill: {
    person_id: string;
    skill_id: string;
    level: number;
  };
  agent_state_span: {
    id: GeneratedAlways<number>;
    person_id: string;
    state: string;
    pause_reason: string | null;
    started_at: Time;
    ended_at: ColumnType<Date | null, Date | string | null, Date | string | null>;
  };
  article: {
    id: string;
    client_id: string;
    title: string;
    body: string;
    language: Generated<string>;
    updated_at: ColumnType<Date, Date | string | undefined, Date | string>;
    words: GeneratedAlways<string>;
  };
  assignment: {
    id: string;
    client_id: string;
    conversation_id: string;
    agent_id: string;
    kind: 'call' | 'chat' | 'written';
    slot: number;
    state: 'offered' | 'accepted' | 'beside' | 'declined' | 'missed' | 'withdrawn' | 'ended' | 'left';
    offered_at: Time;
    expires_at: Time;
    decided_at: ColumnType<Date | null, Date | string | null, Date | string | null>;
    ended_at: ColumnType<Date | null, Date | string | null, Date | string | null>;
    live: GeneratedAlways<boolean>;
    missed_at: GeneratedAlways<Date | null>;
    tied: GeneratedAlways<boolean>;
  };
  attachment: {
    id: string;
    client_id: string;
    message_id: string;
    file_id: string;
    content_id: string | null;
    inline: Generated<boolean>;
  };
  audit_entry: {
    id: GeneratedAlways<number>;
    at: ColumnType<Date, Date | string | undefined, Date | string>;
    client_id: string | null;
    person_id: string | null;
    action: string;
    subject: Generated<string>;
    facts: ColumnType<unknown, string | undefined, string>;
    ip: string | null;
  };
  call: {
    conversation_id: string;
    client_id: string;
    leg_id: string;
    held: Generated<boolean>;
    muted: Generated<boolean>;
    live: Generated<boolean>;
    ended_reason: string | null;
    ended_by: string | null;
    quality: ColumnType<unknown, string | null, string | null>;
    held_seconds: Generated<number>;
    held_since: ColumnType<Date | null, Date | string | null, Date | string | null>;
    aside: Generated<boolean>;
    phase: Generated<'dialling' | 'ringing' | 'up'>;
    dialled: Generated<boolean>;
    parked_by: string | null;
    parked_until: ColumnType<Date | null, Date | string | null, Date | string | null>;
    park_note: Generated<string>;
    recording_told_at: ColumnType<Date | null, Date | string | null, Date | string | null>;
    recording_objected_at: ColumnType<Date | null, Date | string | null, Date | string | null>;
    customer_line: 'good' | 'fair' | 'bad' | null;
    agent_line: 'good' | 'fair' | 'bad' | null;
  };
  call_party: {
    id: string;
    client_id: string;
    conversation_id: string;
    kind: 'agent' | 'outside' | 'supervisor';
    person_id: string | null;
    address: Generated<string>;
    leg_id: string;
    state: 'ringing' | 'up' | 'over';
    room: 'main' | 'aside' | 'hold';
    voice: Generated<'all' | 'listen' | 'whisper'>;
    invited_by: string | null;
    begun_at: Time;
    answered_at: ColumnType<Date | null, Date | string | null, Date | string | null>;
    over_at: ColumnType<Date | null, Date | string | null, Date | string | null>;
    over_reason: string | null;
    purpose: Generated<'consult' | 'transfer'>;
    note: Generated<string>;
    until: ColumnType<Date | null, Date | string | null, Date | string | null>;
    queue_id: string | null;
    dialled: Generated<boolean>;
  };
  call_quality: {
    conversation_id: string;
    client_id: string;
    leg_id: string;
    party: 'customer' | 'agent' | 'other';
    person_id: string | null;
    samples: number;
    fair: number;
    bad: number;
    packets_received: number;
    packets_lost: number;
    most_jitter_ms: number;
    most_round_trip_ms: number | null;
    least_mos: number;
    first_at: Time;
    last_at: Time;
  };
  callback: {
    id: string;
    client_id: string;
    conversation_id: string;
    round: number;
    customer_id: string | null;
    number: string;
    queue_id: string;
    agent_id: string | null;
    due_at: Time;
    note: Generated<string>;
    state: Generated<'open' | 'called' | 'dropped'>;
    settled_at: ColumnType<Date | null, Date | string | null, Date | string | null>;
    settled_by: string | null;
    called_in: string | null;
    created_at: Time;
  };
  chat_visitor: {
    conversation_id: string;
    client_id: string;
    token_hash: Buffer;
    start_key: string;
    name: string;
    email: string;
    page: string;
    created_at: ColumnType<Date, Date | string | undefined, Date | string>;
    joined_at: ColumnType<Date | null, Date | string | null, Date | string | null>;
    last_seen_at: ColumnType<Date, Date | string | undefined, Date | string>;
    left_at: ColumnType<Date | null, Date | string | null, Date | string | null>;
  };
  client: {
    id: string;
    slug: string;
    name: string;
    colour: string;
    language: Generated<string>;
    timezone: Generated<string>;
    created_at: ColumnType<Date, Date | string | undefined, Date | string>;
  };
  contact: {
    conversation_id: string;
    round: number;
    client_id: string;
    queue_id: string;
    channel: 'call' | 'email' | 'chat' | 'message';
    direction: 'in' | 'out';
    agent_id: string | null;
    queued_at: Time;
    day: string;
    hour: Time;
    answer_within: number;
    answered_at: ColumnType<Date | null, Date | string | null, Date | string | null>;
    abandoned_at: ColumnType<Date | null, Date | string | null, Date | string | null>;
    ended_at: ColumnType<Date | null, Date | string | null, Date | string | null>;
    registered_at: ColumnType<Date | null, Date | string | null, Date | string | null>;
    by_default: Generated<boolean>;
    turned_away_at: ColumnType<Date | null, Date | string | null, Date | string | null>;
  };
  contact_point: {
    id: string;
    client_id: string;
    channel: 'call' | 'email' | 'chat' | 'message';
    address: string;
    name: string;
    queue_id: string;
    language: Generated<string>;
    active: Generated<boolean>;
    settings: ColumnType<unknown, string | undefined, string>;
  };
  conversation: {
    id: string;
    client_id: string;
    channel: 'call' | 'email' | 'chat' | 'message';
    direction: 'in' | 'out';
    state: 'waiting' | 'offered' | 'handling' | 'wrap-up' | 'parked' | 'closed' | 'abandoned' | 'turned-away';
    queue_id: string;
    contact_point_id: string | null;
    customer_id: string | null;
    customer_address: string;
    customer_name: Generated<string>;
    subject: Generated<string>;
    language: Generated<string>;
    priority: number;
    agent_id: string | null;
    preferred_agent_id: string | null;
    round: Generated<number>;
    version: Generated<number>;
    created_at: ColumnType<Date, Date | string | undefined, Date | string>;
    queued_at: Time;
    first_offered_at: ColumnType<Date | null, Date | string | null, Date | string | null>;
    answered_at: ColumnType<Date | null, Date | string | null, Date | string | null>;
    ended_at: ColumnType<Date | null, Date | string | null, Date | string | null>;
    wrap_up_until: ColumnType<Date | null, Date | string | null, Date | string | null>;
    registered_at: ColumnType<Date | null, Date | string | null, Date | string | null>;
    live: GeneratedAlways<boolean>;
    in_hand_of: GeneratedAlways<string | null>;
  };
  customer: {
    id: string;
    client_id: string;
    kind: 'person' | 'business';
    title: 'mr' | 'mrs' | 'mx' | null;
    given_name: Generated<string>;
    prefix: Generated<string>;
    family_name: Generated<string>;
    company: Generated<string>;
    language: Generated<string>;
    reference: Generated<string>;
    customer_since: string | null;
    version: Generated<number>;
    created_at: ColumnType<Date, Date | string | undefined, Date | string>;
    updated_at: ColumnType<Date, Date | string | undefined, Date | string>;
  };
  customer_address: {
    customer_id: string;
    client_id: string;
    street: Generated<string>;
    house_number: number | null;
    suffix: Generated<string>;
    postcode: Generated<string>;
    city: Generated<string>;
    country: Generated<string>;
  };
  customer_identifier: {
    id: string;
    client_id: string;
    customer_id: string;
    kind: 'phone' | 'email' | 'handle';
    value: string;
    created_at: ColumnType<Date, Date | string | undefined, Date | string>;
  };
  customer_note: {
    id: string;
    client_id: string;
    customer_id: string;
    author_id: string;
    text: string;
    created_at: ColumnType<Date, Date | string | undefined, Date | string>;
  };
  customer_search_key: {
    client_id: string;
    key: string;
    customer_id: string;
  };
  customer_word: {
    client_id: string;
    word: string;
    customers: number;
  };
  customer_word_variant: {
    client_id: string;
    variant: string;
    word: string;
  };
  desk_phone: {
    person_id: string;
    user_name: string;
    ha1_md5: string;
    ha1_sha256: string;
  };
  draft: {
    conversation_id: string;
    client_id: string;
    person_id: string;
    kind: 'reply' | 'registration';
    body: Json;
    updated_at: ColumnType<Date, Date | string | undefined, Date | string>;
  };
  event: {
    id: GeneratedAlways<number>;
    client_id: string | null;
    type: string;
    body: Json;
    at: ColumnType<Date, Date | string | undefined, Date | string>;
  };
  event_number: {
    seq: number;
    event_id: number;
  };
  event_publisher: {
    one: Generated<boolean>;
    seq: number;
    open: string;
  };
  file: {
    id: string;
    client_id: string;
    sha256: string;
    size: number;
    media_type: string;
    name: string;
    created_at: ColumnType<Date, Date | string | undefined, Date | string>;
    bytes: Buffer | null;
  };
  hand_over: {
    id: string;
    client_id: string;
    conversation_id: string;
    round: number;
    at: Time;
    agent_id: string | null;
    by_id: string;
    from_queue_id: string;
    to_queue_id: string;
    to_agent_id: string | null;
    reason_id: string | null;
    note: Generated<string>;
  };
  help_request: {
    id: string;
    client_id: string;
    conversation_id: string;
    agent_id: string;
    word: Generated<string>;
    asked_at: Time;
    taken_by: string | null;
    taken_at: ColumnType<Date | null, Date | string | null, Date | string | null>;
    withdrawn_at: ColumnType<Date | null, Date | string | null, Date | string | null>;
  };
  lease: {
    name: string;
    epoch: Generated<number>;
    holder: Generated<string>;
  };
  message: {
    id: string;
    client_id: string;
    conversation_id: string;
    position: number;
    author: 'customer' | 'agent' | 'system';
    author_id: string | null;
    text: string;
    html: string | null;
    external_id: string;
    headers: ColumnType<unknown, string | undefined, string>;
    delivery: Generated<'received' | 'pending' | 'sent' | 'failed'>;
    delivery_detail: string | null;
    at: ColumnType<Date, Date | string | undefined, Date | string>;
  };
  opening_hours: {
    id: string;
    client_id: string;
    name: string;
    timezone: Generated<string>;
    periods: Json;
    exceptions: ColumnType<unknown, string | undefined, string>;
    version: Generated<number>;
  };
  outbox_mail: {
    message_id: string;
    client_id: string;
    at: ColumnType<Date, Date | string | undefined, Date | string>;
    sender: string;
    recipient: string;
    subject: string;
    text: string;
    raw: string;
  };
  outcome: {
    id: string;
    client_id: string;
    queue_id: string;
    code: string;
    name_nl: string;
    name_en: string;
    position: number;
    active: Generated<boolean>;
  };
  outgoing_mail: {
    message_id: string;
    client_id: string;
    attempts: Generated<number>;
    due_at: ColumnType<Date, Date | string | undefined, Date | string>;
    last_answer: string | null;
  };
  outside_number: {
    id: string;
    client_id: string;
    name: string;
    number: string;
    note: Generated<string>;
  };
  pause_reason: {
    code: string;
    name_nl: string;
    name_en: string;
    position: number;
  };
  person: {
    id: string;
    name: string;
    email: string;
    email_verified: Generated<boolean>;
    image: string | null;
    role:
      | 'agent'
      | 'senior-agent'
      | 'team-leader'
      | 'coach'
      | 'trainer'
      | 'planner'
      | 'administrator'
      | 'client-representative';
    locale: Generated<'nl' | 'en'>;
    active: Generated<boolean>;
    created_at: ColumnType<Date, Date | string | undefined, Date | string>;
    updated_at: ColumnType<Date, Date | string | undefined, Date | string>;
  };
  person_client: {
    person_id: string;
    client_id: string;
  };
  product: {
    id: string;
    client_id: string;
    code: string;
    name: string;
    description: Generated<string>;
    price_cents: number | null;
    unit: Generated<string>;
    active: Generated<boolean>;
    words: GeneratedAlways<string>;
  };
  queue: {
    id: string;
    client_id: string;
    name_nl: string;
    name_en: string;
    priority: Generated<number>;
    opening_hours_id: string | null;
    demands: ColumnType<unknown, string | undefined, string>;
    offer_seconds: Generated<number>;
    max_missed: Generated<number>;
    wrap_up: Generated<'optional' | 'required' | 'timed'>;
    wrap_up_seconds: number | null;
    default_reason_id: string | null;
    default_outcome_id: string | null;
    overflow_queue_id: string | null;
    overflow_after_seconds: number | null;
    greeting: string | null;
    music: Generated<string>;
    closed_message: string | null;
    answer_within: ColumnType<unknown, string | undefined, string>;
  };
  queue_hour: {
    client_id: string;
    queue_id: string;
    channel: string;
    hour: Time;
    offered: Generated<number>;
    answered: Generated<number>;
    answered_in_time: Generated<number>;
    abandoned: Generated<number>;
    abandoned_short: Generated<number>;
    answered_wait_seconds: Generated<number>;
    registered: Generated<number>;
    registered_by_default: Generated<number>;
    turned_away: Generated<number>;
    called: Generated<number>;
    reached: Generated<number>;
  };
  reason: {
    id: string;
    client_id: string;
    queue_id: string;
    code: string;
    name_nl: string;
    name_en: string;
    position: number;
    active: Generated<boolean>;
  };
  received_mail: {
    contact_point_id: string;
    fingerprint: Buffer;
    client_id: string;
    message_id: string;
    original_id: string;
    received_at: ColumnType<Date, Date | string | undefined, Date | string>;
  };
  recording: {
    id: string;
    client_id: string;
    conversation_id: string;
    queue_id: string;
    leg_id: string;
    purposes: string[];
    state: 'announcing' | 'running' | 'paused' | 'ending' | 'ended' | 'stored' | 'deleted' | 'lost';
    live: GeneratedAlways<boolean>;
    made_at: Time;
    state_since: Time;
    paused_for: 'agent' | 'payment' | null;
    started_at: ColumnType<Date | null, Date | string | null, Date | string | null>;
    ended_at: ColumnType<Date | null, Date | string | null, Date | string | null>;
    milliseconds: number | null;
    pauses: ColumnType<unknown, string | undefined, string>;
    incomplete: Generated<boolean>;
    size: number | null;
    sha256: string | null;
    format: string | null;
    peaks: Buffer | null;
    peak_ms: number | null;
    due_at: ColumnType<Date | null, Date | string | null, Date | string | null>;
    attempts: Generated<number>;
    trouble: string | null;
    at_engine: Generated<boolean>;
    on_disk: Generated<boolean>;
    delete_after: ColumnType<Date | null, Date | string | null, Date | string | null>;
    held_at: ColumnType<Date | null, Date | string | null, Date | string | null>;
    held_by: string | null;
    hold_reason: string | null;
    deleted_at: ColumnType<Date | null, Date | string | null, Date | string | null>;
    deleted_by: string | null;
    deleted_why: 'retention' | 'objection' | 'request' | null;
    deletion_reason: string | null;
  };
  recording_agent: {
    recording_id: string;
    agent_id: string;
    client_id: string;
    made_at: Time;
  };
  recording_listening: {
    id: string;
    client_id: string;
    recording_id: string;
    person_id: string;
    at: Time;
    heard: ColumnType<unknown, string | undefined, string>;
    sent: ColumnType<unknown, string | undefined, string>;
    copy_reason: string | null;
  };
  recording_mark: {
    id: GeneratedAlways<number>;
    client_id: string;
    recording_id: string;
    at: Time;
    kind:
      | 'announced'
      | 'started'
      | 'paused'
      | 'resumed'
      | 'stopped'
      | 'objected'
      | 'incomplete'
      | 'hold'
      | 'unhold'
      | 'aside'
      | 'unaside'
      | 'joined'
      | 'left'
      | 'agent';
    person_id: string | null;
    detail: Generated<string>;
  };
  recording_policy: {
    client_id: string;
    queue_id: string | null;
    mode: 'always' | 'agent' | 'never';
    purposes: string[];
    announcement: string;
    objection_key: string | null;
    agent_may_pause: boolean;
    agent_may_stop: boolean;
    remind_seconds: number;
    version: Generated<number>;
  };
  recording_purpose: {
    client_id: string;
    purpose: 'quality' | 'agreement' | 'dispute' | 'legal-duty';
    retention_days: number;
    on_objection: 'drop' | 'keep' | 'goes-on';
    listeners: string[];
    decision: Generated<string>;
  };
  registration: {
    conversation_id: string;
    round: number;
    client_id: string;
    queue_id: string;
    reason_id: string;
    outcome_id: string;
    summary: Generated<string>;
    follow_up: Generated<string>;
    follow_up_at: ColumnType<Date | null, Date | string | null, Date | string | null>;
    registered_by: string | null;
    by_default: Generated<boolean>;
    registered_at: Time;
    call_back: Generated<boolean>;
  };
  seen: {
    person_id: string;
    conversation_id: string;
    client_id: string;
    position: number;
  };
  sign_in_account: {
    id: string;
    user_id: string;
    account_id: string;
    provider_id: string;
    access_token: string | null;
    refresh_token: string | null;
    id_token: string | null;
    access_token_expires_at: ColumnType<Date | null, Date | string | null, Date | string | null>;
    refresh_token_expires_at: ColumnType<Date | null, Date | string | null, Date | string | null>;
    scope: string | null;
    password: string | null;
    created_at: ColumnType<Date, Date | string | undefined, Date | string>;
    updated_at: ColumnType<Date, Date | string | undefined, Date | string>;
  };
  sign_in_session: {
    id: string;
    user_id: string;
    token: string;
    expires_at: Time;
    ip_address: string | null;
    user_agent: string | null;
    created_at: ColumnType<Date, Date | string | undefined, Date | string>;
    updated_at: ColumnType<Date, Date | string | undefined, Date | string>;
  };
  sign_in_verification: {
    id: string;
    identifier: string;
    value: string;
    expires_at: Time;
    created_at: ColumnType<Date, Date | string | undefined, Date | string>;
    updated_at: ColumnType<Date, Date | string | undefined, Date | string>;
  };
  skill: {
    id: string;
    code: string;
    kind: 'language' | 'topic';
    name_nl: string;
    name_en: string;
  };
  subscriber: {
    name: string;
    seq: Generated<number>;
  };
  supervising_policy: {
    client_id: string;
    decision: string;
    changed_by: string | null;
    changed_at: Time;
  };
  trunk: {
    id: string;
    version: Generated<number>;
    name: string;
    host: string;
    port: number | null;
    transport: 'udp' | 'tcp' | 'tls';
    srtp: 'off' | 'offered' | 'required';
    user_name: string | null;
    registers: boolean;
    allow: string[];
    number_format: 'plus' | 'digits' | 'national';
    country: string;
    priority: number;
  };
  trunk_secret: {
    trunk_id: string;
    password: string;
  };
  web_call: {
    id: string;
    client_id: string;
    contact_point_id: string;
    token_hash: Buffer;
    start_key: string;
    conversation_id: string | null;
    chat_id: string | null;
    name: string;
    number: string;
    email: string;
    question: string;
    page: string;
    language: string;
    created_at: Time;
    lost_at: ColumnType<Date | null, Date | string | null, Date | string | null>;
    over_at: ColumnType<Date | null, Date | string | null, Date | string | null>;
  };
}
