"""One service on the bus: requests with retries, and a subscription that misses nothing."""

import os
import time

import zmq
from zmq.utils.monitor import recv_monitor_message

from contract import bus

_AGAIN = {bus.STATUS_OVERLOADED, bus.STATUS_UNAVAILABLE, bus.STATUS_DEADLINE, bus.STATUS_QUEUED}
_RECEIPTS = {bus.STATUS_OK, bus.STATUS_QUEUED}
_CREDIT = 1 << 20
_MONITORED = zmq.EVENT_CONNECTED | zmq.EVENT_HANDSHAKE_SUCCEEDED | zmq.EVENT_HANDSHAKE_FAILED_NO_DETAIL \
    | zmq.EVENT_HANDSHAKE_FAILED_PROTOCOL | zmq.EVENT_HANDSHAKE_FAILED_AUTH


class Refused(Exception):
    """The service answered, and the answer is no."""

    def __init__(self, what, status, code, text_zh, text_en, body=b""):
        super().__init__(f"{what}: {bus.Status.Name(status)} {code} {text_zh} / {text_en}")
        self.status, self.code, self.body = status, code, body


class NoAnswer(Exception):
    """The service did not answer in time."""


class Service:
    def __init__(self, context, name, endpoint, server_key, public_key, secret_key):
        self.name, self.endpoint = name, endpoint
        self._connected = self._shaken = self._rejected = False
        self._attempts = 0
        self._socket = context.socket(zmq.DEALER)
        self._socket.linger = 0
        self._socket.sndhwm = self._socket.rcvhwm = 100
        self._socket.curve_serverkey, self._socket.curve_publickey = server_key, public_key
        self._socket.curve_secretkey = secret_key
        self._monitor = self._socket.get_monitor_socket(_MONITORED)
        self._socket.connect(endpoint)

    def close(self):
        self._socket.disable_monitor()
        self._monitor.close(linger=0)
        self._socket.close()

    # Requests

    def ask(self, method, body, request_id=None, receipt=b"", timeout=30.0):
        """Sends a request, the same one again when it has to be, and returns the reply's body.

        Raises Refused or NoAnswer.
        """
        request = bus.Request(
            request_id=request_id or os.urandom(16), method=method, body=body.SerializeToString(), receipt=receipt)
        end, pause = time.monotonic() + timeout, 0.1
        while (left := end - time.monotonic()) > 0:
            request.remaining_ms = max(1, int(left * 1000))
            # Each attempt has its number: the refusal of an earlier one, late on its way, is no answer to this one.
            self._attempts += 1
            request.attempt = self._attempts
            self._send(bus.ClientFrame(protocol_version=1, request=request))
            reply = self._reply(request, min(end, time.monotonic() + 5))
            if reply is not None and reply.status == bus.STATUS_OK:
                return reply.body
            if reply is not None and reply.status not in _AGAIN:
                raise Refused(self.name, reply.status, reply.code, reply.text_zh, reply.text_en, reply.body)
            time.sleep(min(max(pause, reply.retry_after_ms / 1000 if reply else 0), max(0, end - time.monotonic())))
            pause = min(pause * 2, 2)
        raise NoAnswer(f"{self.name} {self.endpoint}: {self._why()}")

    def _reply(self, request, end):
        while (frame := self._receive(end)) is not None:
            if frame.WhichOneof("content") != "reply" or frame.reply.request_id != request.request_id:
                continue
            if frame.reply.attempt in (0, request.attempt) or frame.reply.status in _RECEIPTS:
                return frame.reply
        return None

    # Following events

    def follow(self, cursor=b"", idle=30.0, **filter_lists):
        """Yields (batch of RecordedEvent, cursor after it, whether that was all there was), for ever.

        Keep the cursor together with what you made of the batch. Raises NoAnswer after `idle` seconds of silence.
        """
        silent_since = time.monotonic()
        while True:
            subscription = bus.Subscribe(
                subscription_id=os.urandom(16), cursor=cursor, credit_bytes=_CREDIT, filter=bus.Filter(**filter_lists))
            self._send(bus.ClientFrame(protocol_version=1, subscribe=subscription))
            for batch in self._batches(subscription.subscription_id, cursor):
                silent_since = time.monotonic()
                cursor = batch.cursor_after
                yield batch.events, cursor, batch.live
            if time.monotonic() - silent_since > idle:
                raise NoAnswer(f"{self.name} {self.endpoint}: {self._why()}")

    def _batches(self, subscription_id, cursor):
        used, granted, granted_at, first = 0, _CREDIT, time.monotonic(), True
        while (frame := self._receive(time.monotonic() + 5)) is not None:
            kind = frame.WhichOneof("content")
            if kind == "subscription_ended" and frame.subscription_ended.subscription_id == subscription_id:
                self._ended(frame.subscription_ended)
                return
            if kind != "catch_up" or frame.catch_up.subscription_id != subscription_id:
                continue
            batch = frame.catch_up
            # A service may name the beginning in its own way: only what follows a batch must fit it.
            if not first and batch.cursor_before != cursor:
                return
            first, cursor = False, batch.cursor_after
            yield batch
            used += sum(len(event.record) for event in batch.events)
            if granted - used < _CREDIT // 2 or time.monotonic() - granted_at > 10:
                granted, granted_at = used + _CREDIT, time.monotonic()
                credit = bus.Credit(subscription_id=subscription_id, total_bytes=granted)
                self._send(bus.ClientFrame(protocol_version=1, credit=credit))

    def _ended(self, ended):
        if ended.status not in _AGAIN and ended.status != bus.STATUS_OK:
            raise Refused(self.name, ended.status, ended.code, ended.text_zh, ended.text_en)
        time.sleep(0.2)

    # Frames

    def _send(self, frame):
        try:
            self._socket.send(frame.SerializeToString(), zmq.NOBLOCK)
        except zmq.Again:
            pass  # Nobody takes it at present: the same as a lost frame, and repeated like one.

    def _receive(self, end):
        """The next frame, or None when none came in time."""
        while (left := end - time.monotonic()) > 0:
            if not self._socket.poll(left * 1000):
                return None
            frame = bus.ServerFrame.FromString(self._socket.recv())
            if frame.WhichOneof("content") == "farewell":
                last = frame.farewell
                raise Refused(self.name, last.status, last.code, last.text_zh, last.text_en)
            return frame
        return None

    def _why(self):
        while self._monitor.poll(0):
            event = recv_monitor_message(self._monitor)["event"]
            self._connected |= event == zmq.EVENT_CONNECTED
            self._shaken |= event == zmq.EVENT_HANDSHAKE_SUCCEEDED
            self._rejected |= event not in (zmq.EVENT_CONNECTED, zmq.EVENT_HANDSHAKE_SUCCEEDED)
        if self._shaken:
            return "已连上但没有应答 / connected, but no answer"
        if self._connected or self._rejected:
            return "密钥被拒绝：服务公钥不对，或本方公钥不在名单上 / the handshake failed: wrong service key, or our key is not listed"
        return "连不上，服务没有运行或地址不对 / cannot connect: the service is not running, or the address is wrong"
