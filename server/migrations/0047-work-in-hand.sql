-- What an agent holds decides his state, whoever causes the change and whichever clients that person may see: a look
-- across clients, of two counts only.
CREATE POLICY for_owner ON conversation FOR SELECT TO CURRENT_USER USING (true);
CREATE FUNCTION work_in_hand(agent uuid, OUT handling int, OUT wrap_up int) LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public AS
$$ SELECT count(*) FILTER (WHERE state = 'handling')::int, count(*) FILTER (WHERE state = 'wrap-up')::int
   FROM conversation WHERE in_hand_of = agent $$;
REVOKE ALL ON FUNCTION work_in_hand FROM PUBLIC;
GRANT EXECUTE ON FUNCTION work_in_hand TO kernlijn_app, kernlijn_system;
