-- Whether an agent let another offer pass while this one rang: asked at every offer that runs out.
CREATE INDEX assignment_missed ON assignment (agent_id, decided_at) WHERE state = 'missed';
