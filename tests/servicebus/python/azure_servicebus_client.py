"""What azure-servicebus for Python (uamqp) does against a broker:
`python3 azure_servicebus_client.py CONNECTION_STRING PORT CA_FILE amqp|websocket`.
It works with the entities `q-TRANSPORT`, `sessions-TRANSPORT`, `large-TRANSPORT` and the topic `t-TRANSPORT`. Prints one line for each thing that worked; an assertion ends it."""

import datetime
import sys
import time

from azure.servicebus import (
    ServiceBusClient,
    ServiceBusMessage,
    ServiceBusReceiveMode,
    ServiceBusSubQueue,
    NEXT_AVAILABLE_SESSION,
)
from azure.servicebus._common import _configuration
from azure.servicebus.exceptions import MessageLockLostError

connection_string, port, ca_file, transport = sys.argv[1:5]
# Over AMQP it connects to no other port than this.
_configuration.DEFAULT_AMQPS_PORT = int(port)
over_websocket = {"custom_endpoint_address": "sb://localhost:" + port} if transport == "websocket" else {}
client = ServiceBusClient.from_connection_string(
    connection_string, connection_verify=ca_file, retry_total=1, logging_enable=False, **over_websocket
)


def done(what):
    print("ok " + what, flush=True)


def take(receiver, count, wait=10):
    found = []
    until = time.monotonic() + wait
    while len(found) < count and time.monotonic() < until:
        found += receiver.receive_messages(max_message_count=count - len(found), max_wait_time=2)
    assert len(found) == count, (len(found), count)
    return found


with client:
    with client.get_queue_sender("q-" + transport) as sender:
        sender.send_messages(
            ServiceBusMessage(
                b"hello",
                message_id="one",
                subject="greeting",
                correlation_id="c1",
                content_type="text/plain",
                application_properties={"colour": "red", "size": 3, "sure": True},
                time_to_live=datetime.timedelta(minutes=5),
            )
        )
        batch = sender.create_message_batch()
        for n in range(5):
            batch.add_message(ServiceBusMessage("batch %d" % n))
        sender.send_messages(batch)
        sender.send_messages([ServiceBusMessage("list %d" % n) for n in range(3)])
        done("send, batch, list")

        with client.get_queue_receiver("q-" + transport) as receiver:
            peeked = receiver.peek_messages(max_message_count=9)
            assert [str(m) for m in peeked][:2] == ["hello", "batch 0"], [str(m) for m in peeked]
            assert peeked[0].sequence_number is not None and peeked[0].enqueued_time_utc is not None
            done("peek")
            first, second = take(receiver, 2)
            assert b"".join(first.body) == b"hello" and first.message_id == "one" and first.subject == "greeting"
            assert first.application_properties == {b"colour": b"red", b"size": 3, b"sure": True}, first.application_properties
            assert first.delivery_count == 0 and first.lock_token is not None
            until = first.locked_until_utc
            time.sleep(0.02)
            assert receiver.renew_message_lock(first) > until
            done("renew")
            receiver.complete_message(first)
            # It is given back without waiting for the answer: it is there again a moment later.
            receiver.abandon_message(second)
            time.sleep(0.3)
            (again,) = take(receiver, 1)
            assert again.delivery_count == 1 and str(again) == "batch 0", (again.delivery_count, str(again))
            receiver.dead_letter_message(again, reason="no", error_description="not wanted")
            (deferred,) = take(receiver, 1)
            number = deferred.sequence_number
            receiver.defer_message(deferred)
            (found,) = receiver.receive_deferred_messages(number)
            assert str(found) == "batch 1"
            receiver.complete_message(found)
            done("complete, abandon, dead-letter, defer")
            try:
                receiver.complete_message(first)
                raise AssertionError("a settled message was settled again")
            except (MessageLockLostError, ValueError, Exception) as error:
                assert not isinstance(error, AssertionError), error
        with client.get_queue_receiver("q-" + transport, sub_queue=ServiceBusSubQueue.DEAD_LETTER) as receiver:
            (dead,) = take(receiver, 1)
            assert dead.dead_letter_reason == "no" and dead.dead_letter_error_description == "not wanted"
            receiver.complete_message(dead)
            done("dead-letter queue")
        with client.get_queue_receiver("q-" + transport, receive_mode=ServiceBusReceiveMode.RECEIVE_AND_DELETE) as receiver:
            assert len(take(receiver, 6)) == 6
            done("receive and delete")

        when = datetime.datetime.utcnow() + datetime.timedelta(hours=1)
        numbers = sender.schedule_messages([ServiceBusMessage("later"), ServiceBusMessage("never")], when)
        sender.cancel_scheduled_messages(numbers[1])
        with client.get_queue_receiver("q-" + transport) as receiver:
            assert [str(m) for m in receiver.peek_messages(max_message_count=10)] == ["later"]
        sender.cancel_scheduled_messages(numbers[0])
        done("schedule, cancel")

    with client.get_queue_sender("sessions-" + transport) as sender:
        sender.send_messages([ServiceBusMessage("s%d" % n, session_id="red" if n % 2 else "blue") for n in range(6)])
    with client.get_queue_receiver("sessions-" + transport, session_id="red") as receiver:
        receiver.session.set_state("halfway")
        assert receiver.session.get_state() == b"halfway"
        receiver.session.renew_lock()
        for message, text in zip(take(receiver, 3), ["s1", "s3", "s5"]):
            assert str(message) == text and message.session_id == "red"
            receiver.complete_message(message)
    with client.get_queue_receiver("sessions-" + transport, session_id=NEXT_AVAILABLE_SESSION, max_wait_time=5) as receiver:
        assert receiver.session.session_id == "blue"
        for message in take(receiver, 3):
            receiver.complete_message(message)
    done("sessions")

    with client.get_topic_sender("t-" + transport) as sender:
        sender.send_messages([ServiceBusMessage("t%d" % n, application_properties={"n": n}) for n in range(4)])
    with client.get_subscription_receiver("t-" + transport, "all") as receiver:
        assert len(take(receiver, 4)) == 4
    with client.get_subscription_receiver("t-" + transport, "big") as receiver:
        assert [str(m) for m in take(receiver, 2)] == ["t2", "t3"]
    done("topic and filters")

    large = "x" * 900_000
    with client.get_queue_sender("large-" + transport) as sender:
        sender.send_messages(ServiceBusMessage(large))
    with client.get_queue_receiver("large-" + transport) as receiver:
        (message,) = take(receiver, 1)
        assert str(message) == large
        receiver.complete_message(message)
    done("a message of 900 kB")
